// What a metric (analysis/metric.ts) is called, and how its values are shown.

import { isGain } from "../../analysis/metric.ts";
import type { PointSummary } from "../../analysis/summary.ts";
import { accuracyPercent, threeDigits } from "../../base/numbers.ts";
import { estimateText, type Estimate } from "../estimate.ts";

/** "test error", "training loss". */
export function metricName(metric: string): string {
  return metric.replaceAll("_", " ").replace(/^train /, "training ");
}

/** Whether its values are shares of examples, which are shown as percentages. */
export function isShare(metric: string): boolean {
  return /^(train|test)_(accuracy|error)$/.test(metric);
}

/** As "81.97%"; to three digits what is no share of examples. `unending`: what is called so that is not finite. */
export function metricText(metric: string, unending?: string): (value: number) => string {
  return (value) => {
    if (!Number.isFinite(value)) return unending ?? threeDigits(value);
    return isShare(metric) ? accuracyPercent({ correct: value, examples: 1 }) : threeDigits(value);
  };
}

/** "6.67% (5.00% … 8.33%)" */
export function metricEstimateText(metric: string, value: Estimate, unending: string): string {
  return estimateText(value, metricText(metric, unending), unending);
}

/** What the end or the worst of a metric is called that is not finite: losses may be so without divergence. */
export function worstName(metric: string, points: readonly PointSummary[]): string {
  const diverged = points.some(({ trials }) => trials.some((trial) => trial.diverged !== null));
  return diverged ? "diverged" : isGain(metric) ? "−∞" : "∞";
}
