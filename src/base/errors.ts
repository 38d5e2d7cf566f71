// The two kinds of failure that a user may see. Anything else that is thrown is a bug of ours.

/** The work could not be done: no network, a full disk, a search without an answer. Exit code 1. */
export class WidthwiseError extends Error {
  override name = "WidthwiseError";
}

/** What the user handed over cannot be used: an option, a study, a file of data. Exit code 2. */
export class InputError extends WidthwiseError {
  override name = "InputError";
}
