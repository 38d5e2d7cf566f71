// The first layer in blocks of steps: weights stay as they were at the block's start, and what the block's earlier steps did
// to them is added where it is needed. docs/numerics.md derives it.

import type { OptimizerChoice } from "../model/optimizers/choice.ts";
import { momentumPowers } from "../model/optimizers/momentum-powers.ts";
import { VELOCITY_FLOOR, type Momentum } from "../model/optimizers/momentum.ts";
import { flushed } from "../model/optimizers/optimizer.ts";
import { powersOf, type Layers, type Reals } from "./reference-layers.ts";

/** The first layer during a block. */
export interface FirstLayer {
  /** Those of the examples (m, d) of the block's next step. */
  readonly preactivations: (inputs: readonly number[][]) => Float64Array[];
  /** Keeps the step for the block's later ones and its end; where it is missing, weights move at each step. */
  readonly keep?: (inputs: readonly number[][], gradients: readonly Float64Array[]) => void;
  readonly end?: () => void;
}

export interface Rates {
  readonly learningRate: number;
  readonly regularization: number;
  readonly weightFactor: number;
  readonly biasFactor: number;
}

/** An example of an earlier step of the block. */
interface Earlier {
  readonly x: readonly number[];
  readonly g: Float64Array;
  readonly step: number;
}

/** A block of at most `size` steps. */
export function blockOf(
  layers: Layers,
  state: readonly Reals[],
  optimizer: OptimizerChoice | undefined,
  size: number,
  rates: Rates,
): FirstLayer {
  if (size === 1) return single(layers);
  return optimizer?.kind === "sgd"
    ? momentumBlock(layers, state[0].weights[0], optimizer, size, rates)
    : plainBlock(layers, size, rates);
}

function single(layers: Layers): FirstLayer {
  const { round } = layers.arithmetic;
  return {
    preactivations: (inputs) =>
      inputs.map((x) => {
        const biases = layers.biases(0);
        return layers
          .times(x, layers.parameters.weights[0])
          .map((product, unit) => round(product + biases[unit]));
      }),
  };
}

/** After n steps W is αⁿ W − Σ_j f αⁿ⁻¹⁻ˢ⁽ʲ⁾ x_j g_jᵀ, with the learning rate in g_j. */
function plainBlock(layers: Layers, size: number, rates: Rates): FirstLayer {
  const { round } = layers.arithmetic;
  const weights = layers.parameters.weights[0];
  const startBiases = layers.biases(0).slice();
  const { learningRate, regularization, weightFactor } = rates;
  const biasFactor = layers.shape.bias === false ? 0 : round(rates.biasFactor);
  const exact = powersOf(1 - learningRate * weightFactor * regularization, size);
  const powers = exact.map(round);
  const ratedPowers = exact.map((power) => round(weightFactor * power));
  const earlier: Earlier[] = [];
  let steps = 0;
  return {
    preactivations: (inputs) =>
      inputs.map((x) => {
        const start = layers
          .times(x, weights)
          .map((product, unit) => round(round(powers[steps] * product) + startBiases[unit]));
        return subtracted(layers, earlier, start, (j) =>
          round(round(ratedPowers[steps - 1 - j.step] * layers.inner(x, j.x)) + biasFactor),
        );
      }),
    keep(inputs, gradients) {
      inputs.forEach((x, e) => earlier.push({ x, g: gradients[e], step: steps }));
      steps++;
    },
    end() {
      weights.forEach((weight, at) => (weights[at] = round(powers[steps] * weight)));
      addProducts(layers, earlier, weights, (j) => -ratedPowers[steps - 1 - j.step]);
    },
  };
}

/** After n steps (W, V) is Mⁿ (W, V) + Σ_j Mⁿ⁻¹⁻ˢ⁽ʲ⁾ u x_j g_jᵀ; biases and their velocity move at each step. */
function momentumBlock(
  layers: Layers,
  velocity: Float64Array,
  { momentum, nesterov }: Momentum,
  size: number,
  { learningRate, regularization, weightFactor }: Rates,
): FirstLayer {
  const { round } = layers.arithmetic;
  const weights = layers.parameters.weights[0];
  const exact = momentumPowers(
    { rate: learningRate * weightFactor, regularization, momentum, nesterov: nesterov === true },
    size,
  );
  const [p, q, r, s, c, d] = [exact.p, exact.q, exact.r, exact.s, exact.c, exact.d].map((powers) =>
    powers.map(round),
  );
  const earlier: Earlier[] = [];
  let steps = 0;
  return {
    preactivations: (inputs) =>
      inputs.map((x) => {
        const biases = layers.biases(0);
        const along = layers.times(x, velocity);
        const start = layers
          .times(x, weights)
          .map((product, unit) =>
            round(round(round(p[steps] * product) + round(q[steps] * along[unit])) + biases[unit]),
          );
        return subtracted(layers, earlier, start, (j) =>
          round(c[steps - 1 - j.step] * layers.inner(x, j.x)),
        );
      }),
    keep(inputs, gradients) {
      inputs.forEach((x, e) => earlier.push({ x, g: gradients[e], step: steps }));
      steps++;
    },
    end() {
      weights.forEach((weight, at) => {
        const v = velocity[at];
        weights[at] = round(round(p[steps] * weight) + round(q[steps] * v));
        velocity[at] = round(round(r[steps] * weight) + round(s[steps] * v));
      });
      addProducts(layers, earlier, weights, (j) => -c[steps - 1 - j.step]);
      addProducts(layers, earlier, velocity, (j) => d[steps - 1 - j.step]);
      velocity.forEach((v, at) => (velocity[at] = flushed(v, VELOCITY_FLOOR)));
    },
  };
}

/** z less each earlier example's gradient times its coefficient, in their order. */
function subtracted(
  { arithmetic: { round } }: Layers,
  earlier: readonly Earlier[],
  z: Float64Array,
  coefficient: (j: Earlier) => number,
): Float64Array {
  const coefficients = earlier.map(coefficient);
  return z.map((start, unit) =>
    earlier.reduce((sum, { g }, j) => round(sum - round(coefficients[j] * g[unit])), start),
  );
}

/** Adds x_j (k_j g_j)ᵀ of each earlier example to a matrix (in, out), in their order. */
function addProducts(
  { arithmetic: { round } }: Layers,
  earlier: readonly Earlier[],
  matrix: Float64Array,
  factor: (j: Earlier) => number,
): void {
  const scaled = earlier.map((j) => {
    const k = factor(j);
    return j.g.map((value) => round(k * value));
  });
  earlier.forEach(({ x }, j) => {
    const g = scaled[j];
    x.forEach((value, k) => {
      g.forEach((gradient, unit) => {
        const at = k * g.length + unit;
        matrix[at] = round(matrix[at] + round(value * gradient));
      });
    });
  });
}
