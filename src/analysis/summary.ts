// What each point did, over its seeds: how many trials interpolated, and when.

import { extent } from "d3-array";

import type { Point } from "../records/point.ts";
import { lastPass, type TrialRecord } from "../records/record.ts";
import { missesAfterInterpolation, passesToInterpolation } from "./interpolation.ts";
import { remembered } from "../base/remembered.ts";
import { median } from "./median.ts";
import type { Outcome } from "./outcome.ts";
import { groupPoints } from "./points.ts";

export interface PointSummary {
  readonly values: Point["values"];
  readonly width: number;
  /** The point's trials, in the order of the outcomes given. */
  readonly trials: readonly TrialSummary[];
  /** Trials that interpolated. */
  readonly interpolated: number;
  /**
   * Median passes to interpolation over all trials, where never counts as later than any pass; null
   * where that makes the median never. Finite exactly if more than half of the trials interpolated.
   */
  readonly median: number | null;
  /** Least and most passes among the trials that interpolated; null if none did. */
  readonly range: readonly [number, number] | null;
}

export interface TrialSummary {
  readonly outcome: Outcome;
  /** Passes to interpolation; null for never. */
  readonly passes: number | null;
  /** Later passes with a training miss. */
  readonly misses: readonly number[];
  readonly diverged: Extract<TrialRecord["ending"], { kind: "diverged" }> | null;
  /** The pass after which the study's rules ended it; null where they did not. */
  readonly stopped: number | null;
}

/** One summary per point, in ascending order of width, else in the order of the outcomes. */
export const summarizePoints = remembered((outcomes: readonly Outcome[]): PointSummary[] =>
  groupPoints(outcomes).map(({ trials, ...point }) => ({
    ...point,
    ...summarized(trials.map(summarizeTrial)),
  })),
);

function summarizeTrial(outcome: Outcome): TrialSummary {
  const { record } = outcome;
  return {
    outcome,
    passes: passesToInterpolation(record),
    misses: missesAfterInterpolation(record),
    diverged: record.ending.kind === "diverged" ? record.ending : null,
    stopped: outcome.stopped ? lastPass(record) : null,
  };
}

function summarized(trials: readonly TrialSummary[]): Omit<PointSummary, "values" | "width"> {
  const finite = trials.flatMap(({ passes }) => (passes === null ? [] : [passes]));
  const middle = median(trials.map(({ passes }) => passes ?? Infinity));
  const [least, most] = extent(finite);
  return {
    trials,
    interpolated: finite.length,
    median: Number.isFinite(middle) ? middle : null,
    range: least === undefined ? null : [least, most],
  };
}
