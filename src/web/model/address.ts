// The page's whole state as its address: a link is the study, its seeds included.

export interface Shared {
  readonly text: string;
  /** Whether losses and errors are drawn on logarithmic scales. */
  readonly log: boolean;
  /** Of the user's own file that the study trains on, which no link can hold: 64 hex digits. */
  readonly digest: string | null;
  /** Ids of the server's studies that are shown. */
  readonly stored: readonly string[];
}

/** Longer ones are no studies, and browsers cut them. */
const MAX_LENGTH = 30_000;

export function toHash({ text, log, digest, stored }: Shared): string {
  const fields = new URLSearchParams({
    study: text,
    ...(log ? {} : { scale: "linear" }),
    ...(digest === null ? {} : { digest }),
    ...(stored.length > 0 && { stored: stored.join() }),
  });
  return `#${fields.toString()}`;
}

/** null where the address has no study. */
export function fromHash(hash: string): Shared | null {
  if (hash.length > MAX_LENGTH) return null;
  const fields = new URLSearchParams(hash.slice(1));
  const text = fields.get("study");
  if (text === null) return null;
  const digest = /^[0-9a-f]{64}$/.exec(fields.get("digest") ?? "")?.[0] ?? null;
  const stored = (fields.get("stored") ?? "").split(",").filter((id) => /^[0-9a-f]{64}$/.test(id));
  return { text, log: fields.get("scale") !== "linear", digest, stored };
}
