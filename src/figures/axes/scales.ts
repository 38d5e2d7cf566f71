// The scales of curves: passes across; losses, training accuracy and test accuracy upwards.
//
// Passes lie on a square-root scale, so that the first ones and the interpolating ones are both wide;
// losses on a logarithmic one; training accuracy on a scale logarithmic in the error, above which a
// lane holds "exactly 100%", one row per width, so that lines there do not hide each other.

import { extent } from "d3-array";
import { scaleLinear, scaleLog, scaleSqrt } from "d3-scale";

import type { Measure } from "../../analysis/bands.ts";
import type { Frame, Tick } from "./axes.ts";
import type { Series } from "../series.ts";
import { logDomain, logTicks } from "./ticks.ts";

/** Losses beyond this multiple of the largest initial one run out of the frame. */
const LOSS_CEILING = 30;
/** A loss below it is drawn at it. */
const LOSS_FLOOR = 1e-9;
/** How much of a frame's height the lane of no error takes at most. */
const LANE_SHARE = 2 / 9;

/** One vertical scale: where a value of the width with this index lies, in px. */
export interface Vertical {
  readonly y: (value: number, index: number) => number;
  readonly ticks: readonly Tick[];
  /** Where the scale is broken. */
  readonly gap?: number;
  /** It leaves out the values before training. */
  readonly cut?: boolean;
}

/** Where a pass of `passes` lies in `frame`, in px. */
export function passScale(passes: number, frame: Frame): (pass: number) => number {
  return scaleSqrt([0, Math.max(1, passes)], [frame.left, frame.right]);
}

/** `rows`: of the lane of no error, where several panels share the scale. */
export function verticalScale(
  series: readonly Series[],
  name: Measure,
  frame: Frame,
  rows = series.length,
): Vertical {
  switch (name) {
    case "train_accuracy":
      return trainingAccuracyScale(series, frame, rows);
    case "test_accuracy":
      return testAccuracyScale(series, frame);
    case "train_loss":
    case "test_loss":
      return lossScale(series, name, frame);
  }
}

function lossScale(
  series: readonly Series[],
  name: "train_loss" | "test_loss",
  at: Frame,
): Vertical {
  const initial = series.map(({ band }) => band.points.at(0)?.[name].maximum ?? NaN);
  const ceiling = LOSS_CEILING * Math.max(...initial.filter(Number.isFinite), LOSS_FLOOR);
  const values = extremes(series, name)
    .filter(Number.isFinite)
    .map((value) => Math.min(Math.max(value, LOSS_FLOOR), ceiling));
  const domain = logDomain(values);
  const scale = scaleLog(domain, [at.bottom, at.top]).clamp(true);
  return {
    y: (value) => (Number.isFinite(value) ? scale(Math.max(value, LOSS_FLOOR)) : at.top),
    ticks: logTicks(domain).map(({ value, label }) => ({ at: scale(value), label })),
  };
}

/** Upwards: the error from all to one example on a logarithmic scale, a gap, and the lane of no error. */
function trainingAccuracyScale(series: readonly Series[], at: Frame, rows: number): Vertical {
  const examples = Math.max(10, ...series.map(({ band }) => band.train_examples));
  const row = Math.min(6, ((at.bottom - at.top) * LANE_SHARE) / rows);
  const lane = { top: at.top, bottom: at.top + row * rows + 2 };
  const gap = lane.bottom + 6;
  const scale = scaleLog([1, 1 / examples], [at.bottom, gap + 6]).clamp(true);
  const shares = [1, 0.5, 0.1, 0.01, 1e-3, 1e-4, 1e-5].filter((share) => share >= 1.5 / examples);
  return {
    y: (accuracy, index) =>
      accuracy === 1
        ? lane.bottom - row * (index + 0.5) - 1
        : scale(Number.isFinite(accuracy) ? Math.max(1 - accuracy, 1 / examples) : 1),
    ticks: [
      ...shares.map((share) => ({ at: scale(share), label: percent(1 - share) })),
      { at: (lane.top + lane.bottom) / 2, label: "100%" },
    ],
    gap,
  };
}

/** Linear over what training reaches; `cut` where that leaves out the accuracies before training. */
function testAccuracyScale(series: readonly Series[], at: Frame): Vertical {
  const later = extremes(series, "test_accuracy", 1);
  const all = extremes(series, "test_accuracy");
  const [low = 0, high = 1] = extent(later.length > 0 ? later : all);
  const [lowest = 0, highest = 1] = extent(all);
  const passes = Math.max(0, ...series.map(({ band }) => band.points.length - 1));
  const cut = passes > 2 && low - lowest > 2 * (high - low);
  const [from, until] = cut ? [low, high] : [lowest, highest];
  const pad = Math.max(0.06 * (until - from), 0.004);
  const scale = scaleLinear(
    [Math.max(0, from - pad), Math.min(1, until + pad)],
    [at.bottom, at.top],
  );
  return {
    // Below the frame, but not so far that a path needs huge numbers: the frame clips it.
    y: (accuracy) => Math.min(scale(Number.isFinite(accuracy) ? accuracy : 0), at.bottom + 2000),
    ticks: scale.ticks(6).map((value) => ({ at: scale(value), label: percent(value) })),
    cut,
  };
}

/** Everything that a scale has to hold, from pass `from` on. */
function extremes(series: readonly Series[], name: Measure, from = 0): number[] {
  return series.flatMap(({ band }) =>
    band.points
      .filter(({ pass }) => pass >= from)
      .flatMap((point) => [point[name].minimum, point[name].maximum])
      .filter((value) => !Number.isNaN(value)),
  );
}

/** 0.9 → 90%, 0.999 → 99.9%. */
function percent(share: number): string {
  return `${Number((100 * share).toFixed(4))}%`;
}
