// Whether a claim is reproduced: its criteria held against the numbers of summary.json.

import { medianInterval } from "../analysis/statistics/median-interval.ts";
import { isMapping } from "../base/fields.ts";
import { nearest } from "../base/nearest.ts";
import type { Claim, Criterion, PublishedNumber, TestedClaim } from "./claim.ts";

/** A number as it was seen; "never" is Infinity. */
export interface Seen {
  /** null where there is an interval alone. */
  readonly value: number | null;
  /** null where nothing can be said of it, as of one seed; of a number that is no estimate, itself. */
  readonly interval: readonly [low: number, high: number] | null;
  /** What the interval is; empty where the number is no estimate. */
  readonly by: string;
}

/** Keys of summary.json that are named beside a wrong one. */
const MOST_KEYS = 8;

export type Decision = "holds" | "fails" | "undecided";

export interface Judged {
  readonly criterion: Criterion;
  /** null where there is no such number. */
  readonly seen: Seen | null;
  readonly decision: Decision;
  /** Where another value is the bound, that as it was seen; null where there is no such number. */
  readonly bound?: Seen | null;
  /** Of a path that leads nowhere, where it ends and what stands there. */
  readonly astray?: string;
}

export interface Verdict {
  readonly claim: TestedClaim;
  readonly verdict: "reproduced" | "not reproduced" | "undecided";
  readonly criteria: readonly Judged[];
  readonly published: readonly { readonly told: PublishedNumber; readonly seen: Seen | null }[];
}

/**
 * A criterion holds where its value's interval lies wholly inside what it asks for, fails where wholly outside, and else
 * is undecided; beside another value the two intervals must lie apart, and two that are "never" do not. The claim is reproduced if all hold, not
 * reproduced if one fails.
 */
export function judge(claim: TestedClaim, summary: unknown): Verdict {
  const criteria = claim.verdict.map((criterion): Judged => {
    const seen = seenAt(summary, criterion.value);
    const { value, above, below } = criterion;
    const other = above ?? below;
    const paths = [value, above, below].filter((path) => typeof path === "string");
    const astray = paths.map((path) => strayOf(summary, path)).find((end) => end !== null);
    return {
      ...{ criterion, seen, decision: decide(criterion, seen, summary) },
      ...(typeof other === "string" && { bound: seenAt(summary, other) }),
      ...(astray !== undefined && { astray }),
    };
  });
  return { claim, verdict: verdictOf(criteria), criteria, published: besideSeen(claim, summary) };
}

function verdictOf(criteria: readonly Judged[]): Verdict["verdict"] {
  if (criteria.some(({ decision }) => decision === "fails")) return "not reproduced";
  return criteria.every(({ decision }) => decision === "holds") ? "reproduced" : "undecided";
}

function besideSeen({ published }: Claim, summary: unknown): Verdict["published"] {
  return published.map((told) => ({
    told,
    seen: told.seen === undefined ? null : seenAt(summary, told.seen),
  }));
}

function decide(
  { within, above, below }: Criterion,
  seen: Seen | null,
  summary: unknown,
): Decision {
  const boundOf = (bound: number | string) =>
    typeof bound === "number" ? [bound, bound] : seenAt(summary, bound)?.interval;
  const [from, to] = seen?.interval ?? [NaN, NaN];
  const [least, most] = within ?? boundOf(above ?? below ?? NaN) ?? [NaN, NaN];
  // Of two that never come about nobody knows which one would be sooner.
  if (typeof (above ?? below) === "string" && from === Infinity && least === Infinity)
    return "undecided";
  const [isInside, isOutside] =
    within !== undefined
      ? [from >= least && to <= most, to < least || from > most]
      : above !== undefined
        ? [from > most, to <= least]
        : [to < least, from >= most];
  return isInside ? "holds" : isOutside ? "fails" : "undecided";
}

/** Where null stands for "never"; elsewhere it says that there is no number, as no exponent of a single point. */
const MAY_BE_NEVER =
  /^(smallest_interpolating_width|passes_to_interpolation)\b|(^|\.)threshold(\.interval\[\d\])?$/;

/**
 * The number at a path of summary.json: a number, `{ value, interval, by }`, or a list with a value for each seed, of
 * which it is the median. null in an interval or such a list stands for "never", which is more than any number, or, where
 * an upper end is finite, for less than any. Returns null where there is none.
 */
export function seenAt(summary: unknown, path: string): Seen | null {
  const found = valueAt(summary, path);
  const exact = found === null && !MAY_BE_NEVER.test(path) ? null : numberOf(found);
  if (exact !== null) return { value: exact, interval: [exact, exact], by: "" };
  if (Array.isArray(found)) return medianOf(found.map(numberOf));
  if (!isMapping(found) || !("interval" in found)) return null;
  const { interval, by, value = null } = found;
  const ends = Array.isArray(interval) && interval.length === 2 ? interval.map(numberOf) : [];
  const [least = null, high = null] = ends;
  const isKnown = least !== null && high !== null;
  if (!isKnown && value === null) return null;
  const low = least === Infinity && high !== Infinity ? -Infinity : least;
  const isOpen = value === null && !(low !== null && high === Infinity);
  return {
    value: "value" in found && !isOpen ? numberOf(value) : null,
    interval: low !== null && high !== null ? [low, high] : null,
    by: typeof by === "string" ? by : confidenceOf(found),
  };
}

function confidenceOf({ confidence }: Readonly<Record<string, unknown>>): string {
  return typeof confidence === "number" ? `${100 * confidence} %` : "";
}

function medianOf(values: readonly (number | null)[]): Seen | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0 || known.length < values.length) return null;
  const { median, low, high, kind } = medianInterval(known);
  const seeds = `${known.length} ${known.length === 1 ? "seed" : "seeds"}`;
  return {
    value: median,
    interval: known.length === 1 ? null : [low, high],
    by: kind === "range" ? `range of ${seeds}` : `95 % order statistics over ${seeds}`,
  };
}

/** null of what is no number. */
function numberOf(found: unknown): number | null {
  if (found === null) return Infinity;
  return typeof found === "number" && !Number.isNaN(found) ? found : null;
}

/** What stands at a path; a key of several steps ("width=8,dataset.label_noise=0.2") is found, too. */
export function valueAt(at: unknown, path: string): unknown {
  if (path === "") return at;
  if (Array.isArray(at)) {
    const found = /^\[(\d+)\]\.?(.*)$/.exec(path);
    return found === null ? undefined : valueAt(at[Number(found[1])], found[2]);
  }
  if (!isMapping(at)) return undefined;
  const keys = Object.keys(at).filter(
    (key) => path.startsWith(key) && ["", ".", "["].includes(path.charAt(key.length)),
  );
  return keys
    .sort((a, b) => b.length - a.length)
    .map((key) => valueAt(at[key], path.slice(key.length).replace(/^\./, "")))
    .find((found) => found !== undefined);
}

/** Of a path that leads nowhere, the first key that is not there, and what is; null of one that leads somewhere. */
function strayOf(summary: unknown, path: string): string | null {
  if (valueAt(summary, path) !== undefined) return null;
  const ends = [...path.matchAll(/[.[]/g)].map(({ index }) => path.slice(0, index));
  const found = ends.findLast((end) => valueAt(summary, end) !== undefined) ?? "";
  const there = valueAt(summary, found);
  const rest = path.slice(found.length).replace(/^\./, "");
  const where = found === "" ? "summary.json" : found;
  if (!isMapping(there)) return `${where} has no ${rest}`;
  const keys = Object.keys(there);
  const near = nearest(rest.split(".")[0], keys);
  const others =
    keys.length > MOST_KEYS ? `${keys.slice(0, MOST_KEYS).join(", ")}, …` : keys.join(", ");
  return `${where} has no ${rest}; ${near === null ? `it has ${others}` : `did you mean ${near}?`}`;
}
