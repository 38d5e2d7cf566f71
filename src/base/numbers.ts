// Numbers in words.

import { format } from "d3-format";

const grouped = format(",");

/** 6000 → 6,000. */
export function count(value: number): string {
  return grouped(value);
}

/** A loss or ratio to three significant digits: 2.30, 0.00124, 3.1 × 10⁻⁵; NaN and ∞ as such. */
export function threeDigits(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e4) {
    return (size < 999.5 ? value.toPrecision(3) : value.toFixed(0)).replace("-", "−");
  }
  const [mantissa = "", power = ""] = value.toExponential(2).split("e");
  return `${mantissa.replace("-", "−")} × 10${superscript(Number(power))}`;
}

/** As a percentage with two decimals; "100%" if and only if every prediction is right, "0.00%" if and only if none is. */
export function accuracyPercent({
  correct,
  examples,
}: {
  readonly correct: number;
  readonly examples: number;
}): string {
  if (correct === examples) return "100%";
  if (correct === 0) return "0.00%";
  const hundredths = Math.min(9999, Math.max(1, Math.round((1e4 * correct) / examples)));
  return `${(hundredths / 100).toFixed(2)}%`;
}

/** 0.34 s, 12.3 s, 2 min 5 s. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 119.5) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** 12 s, 3 min 20 s, 2 h 05 min: of what goes on, or is estimated. */
export function roughDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** To the precision that an estimate has: 5 s from 20 s on, 10 s from one minute, a minute from ten. */
export function timeLeft(seconds: number): string {
  const step = seconds < 20 ? 1 : seconds < 60 ? 5 : seconds < 600 ? 10 : 60;
  return `about ${roughDuration(Math.round(seconds / step) * step)} left`;
}

/** "8", "8 and 16", "8, 16 and 32". */
export function enumerate(items: readonly (string | number)[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1) ?? ""}`;
}

/** Ascending integers with runs drawn together: 38, 40–43, 51. */
export function runs(values: readonly number[]): string {
  const found: [number, number][] = [];
  for (const value of values) {
    const last = found.at(-1);
    if (last?.[1] === value - 1) last[1] = value;
    else found.push([value, value]);
  }
  return found.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(", ");
}

/** 1 pass, 2 passes. */
export function passes(number: number): string {
  return number === 1 ? "1 pass" : `${count(number)} passes`;
}

/** 1 trial, 2 trials, 2 studies. */
export function plural(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : noun.replace(/y$/, "ie") + "s"}`;
}

function superscript(value: number): string {
  const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  const written = Array.from(String(Math.abs(value)), (digit) => digits.charAt(Number(digit)));
  return `${value < 0 ? "⁻" : ""}${written.join("")}`;
}
