// SGD by batches, with momentum, and Adam: how a pass is cut into steps. docs/numerics.md says each rule;
// src/kernel/reference-batches.ts says the same in the order of reading.

import { batch, blockSteps, SLAB } from "./batch-network";
import { trainBlock } from "./blocks";
import { gather } from "../gather";
import { affine, backward, forward, losses, stepBiases, stepWeights, sumBiasGradients } from "./layers";
import {
  blockInputs,
  layer,
  layers,
  paddedInputs,
  regularization,
  squaredNorms,
  trainsPastDivergence,
} from "../network";
import { measureNorms } from "../norms";
import { shareOf } from "../optimizers";

// One step of `count` examples, slab by slab; its objective before the update.
function step(
  net: usize,
  rows: usize,
  labels: usize,
  order: usize,
  count: i32,
  penalty: f64,
  stepRates: usize,
): f64 {
  const at = layer(net, 0);
  const share = shareOf(net, count);
  let sum: f64 = 0.0;
  for (let begin = 0; begin < count; begin += SLAB) {
    const slab = min(SLAB, count - begin);
    const first = begin == 0;
    const last = begin + slab == count;
    const places = order + <usize>(begin << 2);
    gather(rows, paddedInputs(net), places, slab, blockInputs(net));
    affine(net, 0, blockInputs(net), slab);
    forward(net, slab);
    sum = losses(net, labels, places, slab, share, sum);
    backward(net, slab, first, last, stepRates);
    sumBiasGradients(at, slab, first);
    stepWeights(net, at, blockInputs(net), slab, first, last, stepRates);
  }
  stepBiases(net, at, stepRates);
  return sum / <f64>count + penalty;
}

// ½λΣ‖W‖², layers added from the first.
function penaltyOf(net: usize): f64 {
  const lambda = regularization(net);
  if (lambda == 0.0) return 0.0;
  measureNorms(net);
  let norms: f64 = 0.0;
  for (let l = 0; l < layers(net); l++) norms += load<f64>(squaredNorms(net) + (<usize>l << 3));
  return 0.5 * lambda * norms;
}

// Trains `passes` passes. rows (n, d padded) float32; labels (n) uint8; order (passes, examples) uint32, the examples'
// indices; objectives (passes, steps) float64 receives each step's objective before its update; stepRates (passes, steps, 2)
// float32, for Adam alone. Returns the number of steps made: the first whose objective is not finite is the last, unless
// the network says to go on.
export function trainBatches(
  net: usize,
  rows: usize,
  labels: usize,
  order: usize,
  examples: i32,
  passes: i32,
  objectives: usize,
  stepRates: usize,
): i32 {
  const steps = blockSteps(net);
  const size = batch(net) * steps;
  let made = 0;
  for (let pass = 0; pass < passes; pass++) {
    const penalty = penaltyOf(net);
    for (let begin = 0; begin < examples; begin += size) {
      const count = min(size, examples - begin);
      const places = order + <usize>(begin << 2);
      const to = objectives + (<usize>made << 3);
      if (steps > 1) made += trainBlock(net, rows, labels, places, count, penalty, to);
      else {
        store<f64>(to, step(net, rows, labels, places, count, penalty, stepRates + (<usize>made << 3)));
        made += 1;
      }
      const objective = load<f64>(objectives + (<usize>made << 3) - 8);
      if (!(abs(objective) < Infinity) && !trainsPastDivergence(net)) return made;
    }
    order += <usize>examples << 2;
  }
  return made;
}
