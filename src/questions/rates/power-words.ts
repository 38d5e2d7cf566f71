// Exponents of power laws in words.

import type { Estimate } from "../estimate.ts";

/** "−0.52"; without a sign where none of its digits shows one. */
export function signed(power: number): string {
  return power
    .toFixed(2)
    .replace(/^-(?!0\.00$)/, "−")
    .replace("-", "");
}

/** "−0.60 … −0.44"; "" without an interval. */
export function intervalText({ interval }: Estimate): string {
  return interval === null ? "" : `${signed(interval[0])} … ${signed(interval[1])}`;
}

/** "−0.52 (−0.60 … −0.44)" */
export function powerText(exponent: Estimate): string {
  const { value, interval } = exponent;
  return interval === null ? signed(value) : `${signed(value)} (${intervalText(exponent)})`;
}
