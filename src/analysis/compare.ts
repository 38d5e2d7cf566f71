// Two studies laid over each other: the points that both have, and how far apart they end there.

import { pointKey, type Point } from "../records/point.ts";
import { passesToInterpolation } from "./interpolation.ts";
import { metricAt } from "./metric.ts";
import type { Outcome } from "./outcome.ts";
import { groupPoints } from "./points.ts";
import { medianInterval, type MedianInterval } from "./statistics/median-interval.ts";

/** What is compared, by its name in summaries; what never comes is Infinity, and a trial that diverged ends worse than any. */
export const COMPARED = {
  test_accuracy: (outcome) => metricAt(outcome, "test_accuracy", "end"),
  test_loss: (outcome) => metricAt(outcome, "test_loss", "end"),
  train_loss: (outcome) => metricAt(outcome, "train_loss", "end"),
  passes_to_interpolation: ({ record }) => passesToInterpolation(record) ?? Infinity,
} satisfies Readonly<Record<string, (outcome: Outcome) => number>>;

export type Compared = keyof typeof COMPARED;

/** How much more the second study has. */
export interface Difference {
  /** Whether it is the median of what each shared seed has more; else it is how much larger one median is. */
  readonly paired: boolean;
  readonly value: number;
  /** null where seeds are not shared, or too few. */
  readonly interval: readonly [low: number, high: number] | null;
  readonly by: string;
}

export interface ComparedMetric {
  readonly a: MedianInterval;
  readonly b: MedianInterval;
  /** null where it is none, as of what never came in both. */
  readonly difference: Difference | null;
}

export interface ComparedPoint {
  readonly values: Point["values"];
  readonly seeds: { readonly a: number; readonly b: number; readonly shared: number };
  /** Trials that both studies have, to the bit. */
  readonly same: number;
  readonly metrics: Readonly<Record<Compared, ComparedMetric>>;
}

/** The points that both have, in ascending order of width. `paired`: whether a seed draws the same in both. */
export function comparedPoints(
  a: readonly Outcome[],
  b: readonly Outcome[],
  paired: boolean,
): ComparedPoint[] {
  const others = new Map(groupPoints(b).map((group) => [keyOf(group), group.trials]));
  return groupPoints(a).flatMap((group): ComparedPoint[] => {
    const other = others.get(keyOf(group));
    return other === undefined
      ? []
      : [{ values: group.values, ...comparedTrials(group.trials, other, paired) }];
  });
}

function keyOf({ values }: Pick<Point, "values">): string {
  return pointKey({ values, seed: null });
}

function comparedTrials(
  a: readonly Outcome[],
  b: readonly Outcome[],
  paired: boolean,
): Omit<ComparedPoint, "values"> {
  const bySeed = new Map(b.map((outcome) => [outcome.point.seed, outcome]));
  const pairs = a.flatMap((one): [Outcome, Outcome][] => {
    const other = paired ? bySeed.get(one.point.seed) : undefined;
    return other === undefined ? [] : [[one, other]];
  });
  const names = Object.keys(COMPARED) as Compared[];
  const fingerprints = new Set(b.map(({ record }) => record.fingerprint));
  return {
    seeds: { a: a.length, b: b.length, shared: pairs.length },
    same: a.filter(({ record }) => fingerprints.has(record.fingerprint)).length,
    metrics: Object.fromEntries(
      names.map((name) => [name, comparedMetric(COMPARED[name], a, b, pairs, paired)]),
    ) as Record<Compared, ComparedMetric>,
  };
}

function comparedMetric(
  of: (outcome: Outcome) => number,
  a: readonly Outcome[],
  b: readonly Outcome[],
  pairs: readonly (readonly [Outcome, Outcome])[],
  paired: boolean,
): ComparedMetric {
  const [before, after] = [medianInterval(a.map(of)), medianInterval(b.map(of))];
  const difference =
    pairs.length < 2
      ? unpaired(
          after.median - before.median,
          unpairedBy(a.length + b.length, pairs.length, paired),
        )
      : pairedDifference(pairs.map(([one, other]) => of(other) - of(one)));
  return { a: before, b: after, difference };
}

function unpaired(value: number, by: string): Difference | null {
  return Number.isNaN(value) ? null : { paired: false, value, interval: null, by };
}

/** `seeds`: of both together; `paired`: whether a seed draws the same in both. */
function unpairedBy(seeds: number, shared: number, paired: boolean): string {
  if (seeds === 2)
    return shared === 1 ? "difference of one seed" : "difference of one seed of each";
  const why = !paired
    ? "a seed draws other examples in each"
    : shared === 1
      ? "one seed alone is shared"
      : "seeds are not shared";
  return `difference of the medians, as ${why}`;
}

/** null where a seed's is none, as of what never comes in both, and where the middle two are −Infinity and Infinity. */
function pairedDifference(differences: readonly number[]): Difference | null {
  if (differences.some(Number.isNaN)) return null;
  const { median, low, high, kind } = medianInterval(differences);
  if (Number.isNaN(median)) return null;
  const seeds = `${differences.length} shared seeds`;
  const by = kind === "range" ? `range of ${seeds}` : `95 % order statistics over ${seeds}`;
  return { paired: true, value: median, interval: [low, high], by: `median of differences, ${by}` };
}
