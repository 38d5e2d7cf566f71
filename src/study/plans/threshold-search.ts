// The search for the smallest interpolating width: doubling, then bisection over integers, each width by as many seeds as
// it takes to tell. Counts in, looks or an answer out; knows nothing of trials.

import { atLeast } from "../../analysis/statistics/distributions.ts";
import { MAX_WIDTH } from "../language/width.ts";

/** Seeds 0, 1, … of a width after which it is looked at. */
const LOOKS = [12, 20, 32];

/** Of any width. */
export const MOST_SEEDS = Math.max(...LOOKS);

/** The probability that an answer is wrong anywhere, at most, where the share of seeds that interpolate rises with width. */
const ERROR = 0.05;

export const THRESHOLD_LEVEL = 1 - ERROR;

/** A question to a width: how many of its first so many seeds interpolate. */
export interface Look {
  readonly width: number;
  readonly seeds: number;
}

/** How many of a look's seeds interpolate; undefined as long as that is not known. */
export type Count = (look: Look) => number | undefined;

/** A width that was looked at, at its last look. */
export interface Visit extends Look {
  readonly interpolated: number;
  /** Whether its share is shown to lie below one half, or above; "undecided" after the last look. */
  readonly verdict: "less" | "more" | "undecided";
}

export interface ThresholdFound {
  /** One above the largest width shown to interpolate in less than half of its seeds; 1 where there is none. */
  readonly low: number;
  /** The smallest width shown to interpolate in more than half of its seeds; null where none is, up to the widest. */
  readonly high: number | null;
  /** In the order in which the widths were chosen; those that check whether the share rises come last. */
  readonly visits: readonly Visit[];
  /** Two widths of which the wider one is shown to interpolate in less than half, and the narrower one in more. */
  readonly violations: readonly (readonly [narrower: number, wider: number])[];
}

export type ThresholdStep =
  { readonly looks: readonly Look[] } | { readonly answer: ThresholdFound };

/**
 * What the counts so far say: the looks that are needed next, or the answer.
 *
 * The k-th width visited may err with probability 0.05 · 6/(π²k²), which add up to 0.05, a third of it at each look. A share is
 * shown to be above one half where so many of the look's seeds or more would interpolate with at most that
 * probability if it were one half (the exact binomial bound), and below it likewise. Widths 1, 2, 4, … are visited until one
 * shows "more"; then the middle between the largest "less" and what is not, and between what is not "more" and the smallest that
 * is, until they are neighbours. That takes the share for rising, so the two widths beyond each end and twice the upper
 * end are visited at last; where they contradict, `violations` says so and the interval stays.
 */
export function thresholdSearch(count: Count): ThresholdStep {
  const visits: Visit[] = [];
  /** The looks that widths need, which are visited at once; none where they have had them. */
  const visit = (widths: readonly number[]): readonly Look[] => {
    const seen = widths.map((width, i) => lookAt(width, visits.length + i + 1, count));
    visits.push(...seen.filter((one) => "verdict" in one));
    return seen.filter((one) => !("verdict" in one));
  };
  for (let width = nextWidth(visits); width !== null; width = nextWidth(visits)) {
    const looks = visit([width]);
    if (looks.length > 0) return { looks };
  }
  const { less, more } = ends(visits);
  const beyond = more === null ? [] : [more + 1, more + 2, 2 * more];
  const known = new Set(visits.map(({ width }) => width));
  const looks = visit(
    [less - 1, less - 2, ...new Set(beyond)].filter(
      (width) => width >= 1 && width <= MAX_WIDTH && !known.has(width),
    ),
  );
  if (looks.length > 0) return { looks };
  return { answer: { low: less + 1, high: more, visits, violations: violationsOf(visits) } };
}

/** The probability that one look at the k-th width visited shows the wrong side, at most; over all looks they add up to ERROR. */
export function errorAt(k: number): number {
  return (ERROR * 6) / (Math.PI * k) ** 2 / LOOKS.length;
}

/** What the k-th width visited shows, or the look that it needs. */
function lookAt(width: number, k: number, count: Count): Visit | Look {
  let visit: Visit | undefined;
  for (const seeds of LOOKS) {
    const interpolated = count({ width, seeds });
    if (interpolated === undefined) return { width, seeds };
    const most = Math.max(interpolated, seeds - interpolated);
    const isShown = atLeast(most, seeds, 0.5) <= errorAt(k);
    const side = interpolated === most ? "more" : "less";
    visit = { width, seeds, interpolated, verdict: isShown ? side : "undecided" };
    if (isShown) break;
  }
  return visit ?? { width, seeds: 0 };
}

/** The largest width below `more` that shows "less", 0 without one; the smallest that shows "more", null without one. */
function ends(visits: readonly Visit[]): { readonly less: number; readonly more: number | null } {
  const of = (verdict: Visit["verdict"]) =>
    visits.filter((one) => one.verdict === verdict).map(({ width }) => width);
  const more = Math.min(...of("more"));
  const less = Math.max(0, ...of("less").filter((width) => width < more));
  return { less, more: more === Infinity ? null : more };
}

/** The width to visit before the checks; null where there is none. */
function nextWidth(visits: readonly Visit[]): number | null {
  const { less, more } = ends(visits);
  const widths = visits.map(({ width }) => width);
  const widest = Math.max(...widths);
  if (widths.length === 0) return 1;
  if (more === null && widest < MAX_WIDTH) return 2 * widest;
  const between = widths.filter((width) => width > less && width < (more ?? Infinity));
  const gaps = [
    [less, Math.min(...between, more ?? Infinity)],
    [Math.max(...between, less), more ?? 0],
  ];
  const gap = gaps.find(([from, to]) => to - from > 1 && to !== Infinity);
  return gap === undefined ? null : Math.floor((gap[0] + gap[1]) / 2);
}

function violationsOf(visits: readonly Visit[]): ThresholdFound["violations"] {
  const more = visits.filter(({ verdict }) => verdict === "more");
  const less = visits.filter(({ verdict }) => verdict === "less");
  return more.flatMap(({ width: narrower }) =>
    less.filter(({ width }) => width > narrower).map(({ width }) => [narrower, width] as const),
  );
}
