// Which learning rate is best at each width, seed by seed, and how it moves with the width.

import { group } from "d3-array";

import { median } from "./median.ts";
import { isGain, metricAt } from "./metric.ts";
import type { Outcome } from "./outcome.ts";
import { bootstrapInterval } from "./statistics/bootstrap.ts";
import type { Interval } from "./statistics/interval.ts";
import { fitPowerLaw, type PowerLaw } from "./statistics/power-law.ts";
import type { NumpyRandomState } from "../random/numpy.ts";

const RATE = "training.learning_rate";

/** What the seeds of one width show at one rate. */
export interface AtRate {
  readonly rate: number;
  /** The metric at the end, seed by seed; the worst there is where training diverged. */
  readonly values: readonly number[];
}

export interface AtWidth {
  readonly width: number;
  /** Ascending. */
  readonly rates: readonly AtRate[];
  /** Each seed's best rate, the smallest of those that share it; NaN where it diverged at all of them. */
  readonly best: readonly number[];
  /** Whether the median of the best rates is the smallest or the largest that was tried. */
  readonly end: "smallest" | "largest" | null;
}

/** Outcomes that differ in width, learning rate and seed alone, by widths in ascending order; all have the same seeds. */
export function bestRates(outcomes: readonly Outcome[], metric: string): AtWidth[] {
  const widths = group(outcomes, ({ point }) => Number(point.values.width));
  return [...widths]
    .sort(([a], [b]) => a - b)
    .map(([width, ofWidth]) => {
      const rates = [...group(ofWidth, ({ point }) => Number(point.values[RATE]))]
        .sort(([a], [b]) => a - b)
        .map(([rate, trials]) => ({
          rate,
          values: trials.map((outcome) => metricAt(outcome, metric, "end")),
        }));
      const best = rates[0].values.map((_, seed) => bestOf(rates, seed, isGain(metric)));
      const middle = median(best);
      const end =
        middle === rates[0].rate ? "smallest" : middle === rates.at(-1)?.rate ? "largest" : null;
      return { width, rates, best, end };
    });
}

function bestOf(rates: readonly AtRate[], seed: number, isGained: boolean): number {
  const loss = ({ values }: AtRate) => (isGained ? -values[seed] : values[seed]);
  const best = rates.reduce((a, b) => (loss(b) < loss(a) ? b : a));
  return Number.isFinite(loss(best)) ? best.rate : NaN;
}

export interface Moving {
  /** Of the median best rate against the width. */
  readonly law: PowerLaw;
  /** The exponent's; null of one seed. */
  readonly interval: Interval | null;
  readonly widths: number;
}

/**
 * The power law through the medians over seeds of the best rates, with the percentile bootstrap of its exponent over seeds, each
 * drawn with its rates of all widths. Widths at which a seed diverged at every rate are left out; null where fewer than two are left.
 */
export function moving(all: readonly AtWidth[], stream: NumpyRandomState): Moving | null {
  const widths = all.filter(({ best }) => best.every(Number.isFinite));
  if (widths.length < 2) return null;
  const seeds = widths[0].best.length;
  const lawOf = (units: ArrayLike<number>) =>
    fitPowerLaw(
      widths.map(
        ({ width, best }) => [width, median(Array.from(units, (seed) => best[seed]))] as const,
      ),
    );
  const law = lawOf(widths[0].best.map((_, seed) => seed));
  if (seeds === 1) return { law, interval: null, widths: widths.length };
  const interval = bootstrapInterval(seeds, (units) => lawOf(units).exponent, stream);
  return { law, interval, widths: widths.length };
}
