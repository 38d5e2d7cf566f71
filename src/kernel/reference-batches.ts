// The reference's training by batches and with an optimizer's state, as the kernel's function `trainBatches` does it.

import type { Arithmetic } from "../model/arithmetic.ts";
import { ratesByKind } from "../model/layer-rates.ts";
import type { Stepping } from "../model/optimizers/choice.ts";
import type { LayerStep } from "../model/optimizers/optimizer.ts";
import { optimizerOf } from "../model/optimizers/table.ts";
import { stepsOfBlock } from "./blocks.ts";
import { blockOf, type FirstLayer } from "./reference-first-layer.ts";
import {
  ascending,
  zeros,
  type Examples,
  type Layers,
  type Reals,
  type ReferenceOptions,
} from "./reference-layers.ts";

type Rows = readonly ArrayLike<number>[];

/** Makes one pass of steps over the examples in `order`; the objective of each step before its update. */
export function trainBatches(
  layers: Layers,
  state: readonly Reals[],
  stepping: Stepping,
  examples: Examples,
  order: ArrayLike<number>,
  options: ReferenceOptions,
): Float64Array {
  const { optimizer: choice, batch = 1 } = stepping;
  const { learningRate, regularization, layerRates, stepsBefore = 0 } = options;
  const { arithmetic, top } = layers;
  const { round } = arithmetic;
  const { objective } = layers.functions;
  const optimizer = optimizerOf(choice);
  const factors = ratesByKind(layerRates, layers.outputs.length);
  const count = Math.ceil(order.length / batch);
  const rates = optimizer.rates?.(learningRate, stepsBefore, count) ?? [];
  const penalty =
    regularization === 0
      ? 0
      : 0.5 * regularization * layers.squaredNorms().reduce((a, b) => a + b, 0);

  function moveLayer(
    layer: number,
    of: LayerStep["of"],
    step: number,
    gradient: Float64Array,
  ): void {
    const move = optimizer.move(
      {
        learningRate,
        factor: factors[of][layer],
        regularization,
        of,
        rates: rates.slice(2 * step, 2 * step + 2),
      },
      arithmetic,
    );
    const values = layers.parameters[of][layer];
    const kept = state.map((like) => like[of][layer]);
    const before = Array<number>(kept.length);
    for (let at = 0; at < values.length; at++) {
      for (let k = 0; k < kept.length; k++) before[k] = kept[k][at];
      const [value, ...after] = move(values[at], gradient[at], before);
      values[at] = value;
      for (let k = 0; k < kept.length; k++) kept[k][at] = after[k];
    }
  }

  /** One step; its objective. */
  function makeStep(step: number, first: FirstLayer): number {
    const indices = Array.from(
      { length: Math.min(batch, order.length - step * batch) },
      (_, e) => order[step * batch + e],
    );
    const inputs = indices.map((index) => layers.values(examples, index));
    const passes = first.preactivations(inputs).map((z) => layers.forward(z, ascending));
    const share = round(optimizer.share(learningRate, indices.length));
    let loss = 0;
    let g: Float64Array[] = passes.map(({ preactivations }, e) => {
      const label = examples.labels[indices[e]];
      loss += objective.loss(preactivations[top], label, arithmetic);
      return objective
        .gradient(preactivations[top], label, arithmetic)
        .map((slope) => round(share * slope));
    });
    for (let layer = top; layer > 0; layer--) {
      const below = passes.map(({ activations }) => activations[layer - 1]);
      const passed = g.map((gradient) => layers.backward(layer, gradient));
      moveLayer(layer, "weights", step, products(below, g, arithmetic));
      moveLayer(layer, "biases", step, sums(g, arithmetic));
      g = passed.map((gradient, e) =>
        layers.throughActivation(gradient, passes[e].preactivations[layer - 1], below[e]),
      );
    }
    if (first.keep === undefined) moveLayer(0, "weights", step, products(inputs, g, arithmetic));
    else first.keep(inputs, g);
    moveLayer(0, "biases", step, sums(g, arithmetic));
    return loss / indices.length + penalty;
  }

  const objectives = zeros(count);
  const size = stepsOfBlock(layers.outputs[0], stepping);
  for (let begin = 0; begin < count; begin += size) {
    const first = blockOf(layers, state, choice, size, {
      learningRate,
      regularization,
      weightFactor: factors.weights[0],
      biasFactor: factors.biases[0],
    });
    for (let step = begin; step < Math.min(begin + size, count); step++)
      objectives[step] = makeStep(step, first);
    first.end?.();
  }
  return objectives;
}

/** Σ_e a_e g_eᵀ, e ascending; (in, out). */
function products(a: Rows, g: Rows, { round }: Arithmetic): Float64Array {
  const outputs = g[0].length;
  const sums = zeros(a[0].length * outputs);
  for (let e = 0; e < a.length; e++)
    for (let u = 0; u < a[e].length; u++)
      for (let c = 0; c < outputs; c++) {
        const at = u * outputs + c;
        sums[at] = round(sums[at] + round(a[e][u] * g[e][c]));
      }
  return sums;
}

/** Σ_e g_e, e ascending. */
function sums(g: Rows, { round }: Arithmetic): Float64Array {
  const sums = zeros(g[0].length);
  for (const values of g)
    for (let c = 0; c < sums.length; c++) sums[c] = round(sums[c] + values[c]);
  return sums;
}
