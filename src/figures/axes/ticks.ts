// Where ticks belong on the scales of passes and of logarithms, and what they are called.

/** 0, 1, 2, 5, 10, 20, 50, … up to `last`, which is always among them. */
export function passTicks(last: number): number[] {
  const ticks = [0];
  for (let decade = 1; decade <= last; decade *= 10) {
    ticks.push(...[1, 2, 5].map((step) => step * decade).filter((pass) => pass < last));
  }
  return last > 0 ? [...ticks, last] : ticks;
}

/**
 * Ticks of a logarithmic scale over [low, high]: powers of ten where it spans more than two decades
 * (not every one where it spans many), otherwise some steps between them too; the others have no label.
 */
export function logTicks([low, high]: readonly [number, number]): {
  value: number;
  label: string;
}[] {
  const decades = Math.log10(high / low);
  const stride = Math.ceil(decades / 6);
  const named = decades > 2 ? [1] : decades > 1 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 6, 8];
  const short = low >= 0.5e-3 && high < 2e3;
  const ticks: { value: number; label: string }[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const step of new Set([...named, 1, 2, 3, 4, 5, 6, 7, 8, 9])) {
      const value = Number(`${step}e${power}`);
      if (value < low || value > high) continue;
      if (named.includes(step) && power % stride === 0) {
        ticks.push({ value, label: decades > 2 && !short ? powerOfTen(power) : String(value) });
      } else if (stride === 1) ticks.push({ value, label: "" });
    }
  }
  return ticks;
}

/** A domain for a logarithmic scale around positive values; at least a factor of two wide. */
export function logDomain(values: readonly number[]): [number, number] {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  if (positive.length === 0) return [0.1, 10];
  const low = Math.min(...positive);
  const high = Math.max(...positive);
  const pad = Math.max((high / low) ** 0.05, Math.sqrt(Math.max(1, (2 * low) / high)));
  return [low / pad, high * pad];
}

/** 10⁻³, 10⁻², 10⁻¹, 1, 10, 10². */
function powerOfTen(power: number): string {
  if (power === 0 || power === 1) return power === 0 ? "1" : "10";
  const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  const exponent = Array.from(String(Math.abs(power)), (digit) => digits.charAt(Number(digit)));
  return `10${power < 0 ? "⁻" : ""}${exponent.join("")}`;
}
