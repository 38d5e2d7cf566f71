// What a metric (analysis/metric.ts) is called, and how its values are shown.

import { accuracyPercent, threeDigits } from "../../base/numbers.ts";

/** "test error", "training loss". */
export function metricName(metric: string): string {
  return metric.replaceAll("_", " ").replace(/^train /, "training ");
}

/** Whether its values are shares of examples, which are shown as percentages. */
export function isShare(metric: string): boolean {
  return /^(train|test)_(accuracy|error)$/.test(metric);
}

/** As "81.97%"; to three digits what is no share of examples, and what is not finite. */
export function metricText(metric: string): (value: number) => string {
  return (value) =>
    isShare(metric) && Number.isFinite(value)
      ? accuracyPercent({ correct: value, examples: 1 })
      : threeDigits(value);
}
