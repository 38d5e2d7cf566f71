// The distributions behind the intervals: normal, Student's t and the binomial, the latter two by the beta distribution.

import { exp, log } from "../../model/elementary.ts";

/** ln Γ(x) for x > 0: Stirling's series (Abramowitz & Stegun 6.1.40) above 30, to which x is brought by Γ(x + 1) = xΓ(x). */
function logGamma(x: number): number {
  let product = 1;
  for (; x < 30; x++) product *= x;
  const [inverse, square] = [1 / x, 1 / (x * x)];
  const series =
    inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680))));
  return (x - 0.5) * log(x) - x + 0.5 * log(2 * Math.PI) + series - log(product);
}

/**
 * Iₓ(a, b), the probability that a beta variable of a, b > 0 is at most x in [0, 1]: the continued fraction of
 * Abramowitz & Stegun 26.5.8 by Lentz's method, of whichever tail it converges for fast.
 */
export function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a);
  let [c, d] = [1, 1 / (1 - ((a + b) * x) / (a + 1))];
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let factor = 1;
    for (const term of [even, odd]) {
      d = 1 / (1 + term * d);
      c = 1 + term / c;
      factor = c * d;
      fraction *= factor;
    }
    if (Math.abs(factor - 1) < 1e-15) break;
  }
  const front = a * log(x) + b * log(1 - x) + logGamma(a + b) - logGamma(a) - logGamma(b);
  return (exp(front) * fraction) / a;
}

/** The probability of at least k successes in n draws of probability p; k from 1 to n. */
export function atLeast(k: number, n: number, p: number): number {
  return regularizedBeta(p, k, n - k + 1);
}

/** Where a rising function on [low, high] reaches `wanted`, to the last bits of a float64. */
export function reaches(
  wanted: number,
  rising: (x: number) => number,
  low: number,
  high: number,
): number {
  for (let step = 0; step < 200; step++) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    if (rising(middle) < wanted) low = middle;
    else high = middle;
  }
  return high;
}

/** The probability that a standard normal variable is at most x: the series of Marsaglia (2004), |x| < 7. */
function normalAtMost(x: number): number {
  let [sum, term] = [x, x];
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + (sum * exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/** z with P(|Z| ≤ z) = level of a standard normal Z; level in (0, 1 − 1e-10]. */
export function normalBound(level: number): number {
  return reaches((1 + level) / 2, normalAtMost, 0, 7);
}

/** t with P(|T| ≤ t) = level of Student's T with as many degrees of freedom, by T's relation to the beta distribution. */
export function studentBound(level: number, freedom: number): number {
  const x = reaches(1 - level, (x) => regularizedBeta(x, freedom / 2, 0.5), 0, 1);
  return Math.sqrt((freedom * (1 - x)) / x);
}
