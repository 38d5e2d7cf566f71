// The page's whole state as its address: a link is the study, its seeds included, and what is looked at of it.

export const TABS = ["form", "yaml", "stored", "claims"] as const;
export type Tab = (typeof TABS)[number];

/** What is looked at, of the study with this text. */
export interface Look {
  readonly text: string;
  /** null for the newest. */
  readonly pass: number | null;
  /** Name of the line whose network is looked into; null where none is. */
  readonly inside: string | null;
  /** That is chosen on a map: its column and row, the first at the lower left; null where none is. */
  readonly cell: readonly [column: number, row: number] | null;
}

export function newestOf(text: string): Look {
  return { text, pass: null, inside: null, cell: null };
}

export interface Shared extends Look {
  /** Whether losses and errors are drawn on logarithmic scales. */
  readonly log: boolean;
  readonly tab: Tab;
  /** Of the user's own file that the study trains on, which no link can hold: 64 hex digits. */
  readonly digest: string | null;
  /** Ids of the server's studies that are shown. */
  readonly stored: readonly string[];
}

/** A study, as it is first seen. */
export function plainly(text: string): Shared {
  return { ...newestOf(text), log: true, tab: "form", digest: null, stored: [] };
}

/** What passes links on cuts longer ones. */
const MAX_LENGTH = 30_000;

export function isTooLong(hash: string): boolean {
  return hash.length > MAX_LENGTH;
}

export function toHash({ text, log, tab, pass, inside, cell, digest, stored }: Shared): string {
  const fields = new URLSearchParams({
    study: text,
    ...(!log && { scale: "linear" }),
    ...(tab !== "form" && { tab }),
    ...(pass !== null && { pass: String(pass) }),
    ...(inside !== null && { inside }),
    ...(cell !== null && { cell: cell.join("-") }),
    ...(digest !== null && { digest }),
    ...(stored.length > 0 && { stored: stored.join() }),
  });
  return `#${fields.toString()}`;
}

/** null where the address has no study. */
export function fromHash(hash: string): Shared | null {
  if (isTooLong(hash)) return null;
  const fields = new URLSearchParams(hash.slice(1));
  const text = fields.get("study");
  if (text === null) return null;
  const pass = /^\d{1,9}$/.exec(fields.get("pass") ?? "")?.[0];
  const cell = /^(\d{1,9})-(\d{1,9})$/.exec(fields.get("cell") ?? "");
  return {
    ...{ text, log: fields.get("scale") !== "linear", inside: fields.get("inside") },
    tab: TABS.find((tab) => tab === fields.get("tab")) ?? "form",
    pass: pass === undefined ? null : Number(pass),
    cell: cell === null ? null : [Number(cell[1]), Number(cell[2])],
    digest: /^[0-9a-f]{64}$/.exec(fields.get("digest") ?? "")?.[0] ?? null,
    stored: (fields.get("stored") ?? "").split(",").filter((id) => /^[0-9a-f]{64}$/.test(id)),
  };
}
