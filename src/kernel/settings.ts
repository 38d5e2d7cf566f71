// What training is told of rates, regularization and its optimizer: numbers at the places that assembly/network.ts and
// assembly/batches/batch-network.ts read.

import { ratesByKind, type LayerRates } from "../model/layer-rates.ts";
import { FIRST_FLOOR, SECOND_FLOOR } from "../model/optimizers/adam.ts";
import type { OptimizerChoice, Stepping } from "../model/optimizers/choice.ts";
import { momentumPowers } from "../model/optimizers/momentum-powers.ts";
import { VELOCITY_FLOOR } from "../model/optimizers/momentum.ts";
import { HEADER_BYTES, LAYER_BYTES } from "./structure.ts";

export interface TrainingOptions {
  readonly learningRate: number;
  /** λ in loss + λ/2 · Σ‖W‖². */
  readonly regularization: number;
  /** Factors on the learning rate; defaults to 1. */
  readonly layerRates?: LayerRates | undefined;
  /** Train on after an objective that is not finite; defaults to false. */
  readonly pastDivergence?: boolean;
}

/** Writes to a network's structure, `view`, of `layers` layers. */
export function writeSettings(
  view: DataView,
  layers: number,
  { optimizer }: Stepping,
  options: TrainingOptions,
): void {
  const { learningRate, regularization, pastDivergence = false } = options;
  const rates = ratesByKind(options.layerRates, layers);
  const hasBiases = view.getInt32(108, true) !== 0;
  const decays = rates.weights.map((factor) => 1 - learningRate * factor * regularization);
  view.setFloat32(16, learningRate, true);
  view.setInt32(20, pastDivergence ? 1 : 0, true);
  view.setFloat64(24, regularization, true);
  view.setFloat64(112, learningRate, true);
  decays.forEach((decay, layer) => {
    const entry = HEADER_BYTES + LAYER_BYTES * layer;
    const [factor, biasFactor] = [rates.weights[layer], rates.biases[layer]];
    view.setFloat64(entry + 32, decay, true);
    view.setFloat64(entry + 40, factor, true);
    view.setFloat32(entry + 48, decay, true);
    view.setFloat32(entry + 52, factor, true);
    view.setFloat32(entry + 56, hasBiases ? biasFactor : 0, true);
    const rule = ruleOf(optimizer, learningRate, regularization);
    [...rule.weights(factor, decay), ...rule.biases(biasFactor)].forEach((value, at) => {
      view.setFloat32(entry + 96 + 4 * at, value, true);
    });
  });
  const block = view.getInt32(12, true);
  const floats = (at: number, count: number) =>
    new Float32Array(view.buffer, view.getUint32(at, true), count);
  const powers = floats(32, block + 1);
  const ratedPowers = floats(76, block);
  let power = 1;
  for (let i = 0; i <= block; i++) {
    powers[i] = power;
    if (i < block) ratedPowers[i] = rates.weights[0] * power;
    power *= decays[0];
  }
  writeOptimizer(view, optimizer);
  if (optimizer?.kind === "sgd") {
    const steps = view.getInt32(100, true);
    const { momentum, nesterov = false } = optimizer;
    const rate = learningRate * rates.weights[0];
    const { p, q, r, s, c, d } = momentumPowers(
      { rate, regularization, momentum, nesterov },
      steps,
    );
    const table = floats(140, 8 * (steps + 1));
    for (let k = 0; k <= steps; k++) table.set([p[k], q[k], r[k], s[k], c[k], d[k]], 8 * k);
  }
}

/**
 * λ, by what weights or biases are multiplied first, and their rate or, where that is in the gradient already or differs from
 * step to step, the factor on it.
 */
function ruleOf(optimizer: OptimizerChoice | undefined, learningRate: number, lambda: number) {
  switch (optimizer?.kind) {
    case undefined:
      return {
        weights: (factor: number, decay: number) => [0, decay, factor],
        biases: (factor: number) => [0, 1, factor],
      };
    case "sgd":
      return {
        weights: (factor: number) => [lambda, 1, learningRate * factor],
        biases: (factor: number) => [0, 1, learningRate * factor],
      };
    case "adam": {
      const { weight_decay = 0 } = optimizer;
      return {
        weights: (factor: number) => [lambda, 1 - learningRate * factor * weight_decay, factor],
        biases: (factor: number) => [0, 1, factor],
      };
    }
  }
}

/** The optimizer's code and numbers, and below what it keeps zeros. */
function writeOptimizer(view: DataView, optimizer: OptimizerChoice | undefined) {
  const [code, ...numbers] = codeAndNumbers(optimizer);
  view.setInt32(104, code, true);
  numbers.forEach((value, at) => {
    view.setFloat32(120 + 4 * at, value, true);
  });
  view.setFloat32(164, optimizer?.kind === "adam" ? FIRST_FLOOR : VELOCITY_FLOOR, true);
  view.setFloat32(168, SECOND_FLOOR, true);
}

/** See assembly/optimizers.ts. */
function codeAndNumbers(optimizer: OptimizerChoice | undefined): number[] {
  if (optimizer === undefined) return [0];
  if (optimizer.kind === "sgd") return [optimizer.nesterov ? 2 : 1, optimizer.momentum];
  const { beta1, beta2, epsilon } = optimizer;
  return [3, beta1, 1 - beta1, beta2, 1 - beta2, epsilon];
}
