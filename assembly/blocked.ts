// Exact blocked SGD with batch size 1: the next B steps' first-layer products at once, then step by step.
// docs/numerics.md derives it; src/kernel/reference.ts says the same in the order of reading.

import { passBack } from "./activations";
import { activateLayer, backward, forward } from "./dense";
import { blockTimes, innerProduct, innerProducts, keepGradients, scaleGradients, subtractEarlier } from "./first-layer";
import { gather } from "./gather";
import {
  activation,
  activations,
  biases,
  biasFactor,
  blockInputs,
  blockProducts,
  blockSize,
  coefficients,
  decay,
  decayPowers,
  trainsPastDivergence,
  gradients,
  layer,
  layerGradients,
  layers,
  learningRate,
  outputs,
  paddedInputs,
  paddedOutputs,
  preactivations,
  rateFactor,
  rateFactor32,
  ratedPowers,
  regularization,
  squaredNorms,
  startBiases,
  weights,
} from "./network";
import { measureNorms } from "./norms";
import { lossAndGradient } from "./objectives";
import { update } from "./products/products";
import { KEPT, SCALED } from "./products/tiles";

// Pre-activations and activations of step i; z = αⁱ Z_i + b − Σ_{j<i} (f αⁱ⁻¹⁻ʲ x_i·x_j + f_b) g_j, j ascending, with f and f_b
// the factors on the rates of weights and biases.
function firstLayerStep(net: usize, i: i32): void {
  const at = layer(net, 0);
  const row = coefficients(net);
  for (let j = 0; j < i; j++) {
    const power = load<f32>(ratedPowers(net) + <usize>((i - 1 - j) << 2));
    store<f32>(row + <usize>(j << 2), power * innerProduct(net, i, j) + biasFactor(at));
  }
  const z = blockProducts(net) + <usize>(i << 5);
  const scale = v128.load32_splat(decayPowers(net) + <usize>(i << 2));
  subtractEarlier(net, i, z, scale, false, 0, scale, startBiases(net), preactivations(at), 32);
  if (layers(net) > 1) activateLayer(net, at);
}

function moveBiases(at: usize): void {
  const factor = biasFactor(at);
  if (factor == 0.0) return;
  const rate = f32x4.splat(factor);
  const b = biases(at);
  const g = layerGradients(at);
  for (let p: usize = 0; p < <usize>paddedOutputs(at) << 2; p += 16)
    v128.store(b + p, f32x4.sub(v128.load(b + p), f32x4.mul(rate, v128.load(g + p))));
}

// ‖αW − f a gᵀ‖² = α²‖W‖² − 2αf Σ_o (z_o − b_o) g_o + f²‖a‖² Σ_o g_o², with z, b, g of before the step.
// Where g is 0, the activation stands for z, which may be infinite.
function carryNorm(net: usize, l: i32, squaredInput: f64): void {
  const at = layer(net, l);
  const z = preactivations(at);
  const a = activations(at);
  const b = biases(at);
  const g = layerGradients(at);
  let along: f64 = 0.0;
  let squared: f64 = 0.0;
  for (let p: usize = 0; p < <usize>outputs(at) << 2; p += 4) {
    const gradient = <f64>load<f32>(g + p);
    const value = <f64>load<f32>((gradient == 0.0 ? a : z) + p);
    along += (value - <f64>load<f32>(b + p)) * gradient;
    squared += gradient * gradient;
  }
  const alpha = decay(at);
  const factor = rateFactor(at);
  const norm = squaredNorms(net) + (<usize>l << 3);
  store<f64>(norm, alpha * alpha * load<f64>(norm) - 2.0 * alpha * factor * along + factor * factor * squaredInput * squared);
}

function squaredActivations(at: usize): f64 {
  let sum: f64 = 0.0;
  const a = activations(at);
  for (let p: usize = 0; p < <usize>outputs(at) << 2; p += 4) {
    const value = <f64>load<f32>(a + p);
    sum += value * value;
  }
  return sum;
}

// One step of SGD; returns its objective before the update.
function step(net: usize, i: i32, label: i32): f64 {
  const count = layers(net);
  const lambda = regularization(net);
  firstLayerStep(net, i);
  forward(net);
  const top = layer(net, count - 1);
  let objective = lossAndGradient(net, activations(top), label, learningRate(net), layerGradients(top));
  if (lambda != 0.0) {
    let norms: f64 = 0.0;
    for (let l = 0; l < count; l++) norms += load<f64>(squaredNorms(net) + (<usize>l << 3));
    objective += 0.5 * lambda * norms;
  }
  for (let l = count - 1; l > 0; l--) {
    const at = layer(net, l);
    const below = layer(net, l - 1);
    backward(at, activations(below), layerGradients(at), layerGradients(below));
    const z = preactivations(below);
    const end = z + (<usize>paddedOutputs(below) << 2);
    passBack(activation(net), z, end, activations(below), layerGradients(below));
    if (lambda != 0.0) carryNorm(net, l, squaredActivations(below));
    moveBiases(at);
  }
  if (lambda != 0.0) carryNorm(net, 0, <f64>innerProduct(net, i, i));
  moveBiases(layer(net, 0));
  keepGradients(net, i, 1, layerGradients(layer(net, 0)), 32);
  return objective;
}

// W ← α^count W − Σ_j f α^(count−1−j) x_j g_j, j ascending.
function firstLayerUpdate(net: usize, count: i32): void {
  const at = layer(net, 0);
  const scaled = regularization(net) != 0.0 || rateFactor32(at) != 1.0;
  if (scaled) {
    for (let j = 0; j < count; j++) {
      const power = load<f32>(ratedPowers(net) + <usize>((count - 1 - j) << 2));
      store<f32>(coefficients(net) + <usize>(j << 2), power);
    }
    scaleGradients(net, count, gradients(net));
  }
  update(
    weights(at),
    blockInputs(net),
    paddedOutputs(at) >> 3,
    <usize>(paddedInputs(net) << 5),
    gradients(net),
    <usize>(blockSize(net) << 5),
    count,
    scaled ? SCALED : KEPT,
    load<f32>(decayPowers(net) + <usize>(count << 2)),
  );
}

// Trains `steps` steps. rows (n, d padded) float32; labels (n) uint8; order (steps) uint32, the examples'
// indices; objectives (steps) float64 receives each step's objective before its update. Returns the number
// of steps made: the first whose objective is not finite is the last, unless the network says to go on.
export function train(
  net: usize,
  rows: usize,
  labels: usize,
  order: usize,
  steps: i32,
  objectives: usize,
): i32 {
  const size = blockSize(net);
  const first = layer(net, 0);
  const biasBytes = <usize>paddedOutputs(first) << 2;
  if (regularization(net) != 0.0) measureNorms(net);
  for (let begin = 0; begin < steps; begin += size) {
    const count = min(size, steps - begin);
    const block = order + (<usize>begin << 2);
    gather(rows, paddedInputs(net), block, count, blockInputs(net));
    innerProducts(net, count);
    blockTimes(net, weights(first), count, blockProducts(net));
    for (let p: usize = 0; p < biasBytes; p += 16)
      v128.store(startBiases(net) + p, v128.load(biases(first) + p));
    for (let i = 0; i < count; i++) {
      const label = <i32>load<u8>(labels + <usize>load<u32>(block + (<usize>i << 2)));
      const objective = step(net, i, label);
      store<f64>(objectives + (<usize>(begin + i) << 3), objective);
      if (!(abs(objective) < Infinity) && !trainsPastDivergence(net)) return begin + i + 1;
    }
    firstLayerUpdate(net, count);
  }
  return steps;
}
