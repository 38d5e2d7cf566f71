// Numbers as the page tells them.

/** Three digits; "–" where there is none. */
export function number(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return "∞";
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(1).replace("-", "−");
  return value.toPrecision(3).replace("-", "−");
}

/** 1 pass, 2 passes. */
export function passes(count: number): string {
  return count === 1 ? "1 pass" : `${count} passes`;
}

/** 0.9875 → 98.8 % */
export function percent(share: number | undefined): string {
  return share === undefined ? "–" : `${(100 * share).toFixed(share === 1 ? 0 : 1)} %`;
}
