// Two studies laid over each other: the points that both have, and how far apart they end there.

import { lastPass, type TrialRecord } from "../records/record.ts";
import { pointKey, type Point } from "../records/point.ts";
import { accuracy } from "../training/evaluate.ts";
import { passesToInterpolation } from "./interpolation.ts";
import type { Outcome } from "./outcome.ts";
import { groupPoints } from "./points.ts";
import { meanDifference } from "./statistics/mean-difference.ts";
import { medianInterval, type MedianInterval } from "./statistics/median-interval.ts";

/** What is compared, by its name in summaries; what never comes is Infinity. */
export const COMPARED = {
  test_accuracy: (record) => accuracy(lastOf(record).test),
  test_loss: (record) => lastOf(record).test.objective,
  train_loss: (record) => lastOf(record).train.objective,
  passes_to_interpolation: (record) => passesToInterpolation(record) ?? Infinity,
} satisfies Readonly<Record<string, (record: TrialRecord) => number>>;

export type Compared = keyof typeof COMPARED;

/** How much more the second study has, over its seeds. */
export interface Difference {
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
  /** Those whose values are numbers. */
  readonly metrics: Partial<Readonly<Record<Compared, ComparedMetric>>>;
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
      names.flatMap((name) => {
        const metric = comparedMetric(name, a, b, pairs);
        return metric === null ? [] : [[name, metric]];
      }),
    ),
  };
}

function comparedMetric(
  name: Compared,
  a: readonly Outcome[],
  b: readonly Outcome[],
  pairs: readonly (readonly [Outcome, Outcome])[],
): ComparedMetric | null {
  const of = ({ record }: Outcome) => COMPARED[name](record);
  const [ofA, ofB] = [a.map(of), b.map(of)];
  // A diverged trial's loss is no number.
  if ([...ofA, ...ofB].some(Number.isNaN)) return null;
  const [before, after] = [medianInterval(ofA), medianInterval(ofB)];
  const paired = pairs.map(([one, other]) => [of(one), of(other)] as const);
  const told = paired.length < 2 ? unpaired(before, after) : pairedDifference(paired);
  return { a: before, b: after, difference: told };
}

function unpaired(a: MedianInterval, b: MedianInterval): Difference | null {
  const value = b.median - a.median;
  return Number.isNaN(value)
    ? null
    : { value, interval: null, by: "of medians, unpaired: seeds are not shared" };
}

/** Student's of the mean; of what may never come, order statistics of the median. */
function pairedDifference(pairs: readonly (readonly [number, number])[]): Difference | null {
  const seeds = `${pairs.length} shared seeds`;
  const [a, b] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
  if ([...a, ...b].every(Number.isFinite)) {
    const { mean, low, high } = meanDifference(b, a);
    return { value: mean, interval: [low, high], by: `mean, 95 % Student's t over ${seeds}` };
  }
  const differences = pairs.map(([one, other]) => other - one);
  if (differences.some(Number.isNaN)) return null;
  const { median, low, high, kind } = medianInterval(differences);
  const by = kind === "range" ? `range of ${seeds}` : `95 % order statistics over ${seeds}`;
  return { value: median, interval: [low, high], by: `median, ${by}` };
}

function lastOf(record: TrialRecord) {
  const last = record.trajectory.at(-1);
  if (last === undefined) throw new RangeError(`no evaluation by pass ${lastPass(record)}`);
  return last;
}
