// How Adam corrects that its moments start at 0, step by step.

/** So small that one minus it is 1, as it is for every later power. */
const NOTHING = 2 ** -60;

/**
 * η/(1 − β₁ᵗ) and 1/√(1 − β₂ᵗ) of each of `count` steps, (count, 2) in float64, t being `stepsBefore` + 1 at the first.
 * Powers are made by repeated multiplication from 1.
 */
export function adamRates(
  { beta1, beta2 }: { readonly beta1: number; readonly beta2: number },
  learningRate: number,
  stepsBefore: number,
  count: number,
): Float64Array {
  const rates = new Float64Array(2 * count);
  let [first, second] = [power(beta1, stepsBefore), power(beta2, stepsBefore)];
  for (let at = 0; at < 2 * count; at += 2) {
    first *= beta1;
    second *= beta2;
    rates[at] = learningRate / (1 - first);
    rates[at + 1] = 1 / Math.sqrt(1 - second);
  }
  return rates;
}

function power(base: number, exponent: number): number {
  let result = 1;
  for (let t = 0; t < exponent && result > NOTHING; t++) result *= base;
  return result;
}
