// Long works as generators that yield every now and then, so that whoever makes them can do something else
// meanwhile, or give them up. What they make does not depend on that.

/** Draws between two yields: some tens of milliseconds. */
export const PART = 2 ** 20;

/** A work that yields between its parts and returns what it makes. */
export type Parts<Made> = Generator<undefined, Made>;

/** Calls `make` for the parts of 0 … count − 1, one after the other. */
export function* inParts(
  count: number,
  make: (from: number, to: number) => void,
  part: number = PART,
): Parts<void> {
  for (let from = 0; from < count; from += part) {
    make(from, Math.min(from + part, count));
    yield;
  }
}

/** All parts at once. */
export function atOnce<Made>(parts: Parts<Made>): Made {
  for (;;) {
    const { done, value } = parts.next();
    if (done === true) return value;
  }
}

/** One part after the other, with a `pause` after each; where that rejects, the work is given up. */
export async function withPauses<Made>(
  parts: Parts<Made>,
  pause: () => Promise<void>,
): Promise<Made> {
  for (;;) {
    const { done, value } = parts.next();
    if (done === true) return value;
    await pause();
  }
}
