// Exact blocked SGD with batch size 1: the next B steps' first-layer products at once, then step by step.
// docs/numerics.md derives it; src/kernel/reference.ts says the same in the order of reading.

import { passBack } from "./activations";
import { activateLayer, backward, forward } from "./dense";
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
  gram,
  inputs,
  layer,
  layerGradients,
  layers,
  learningRate,
  outputs,
  paddedFrom,
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
  zeros,
} from "./network";
import { lossAndGradient } from "./objectives";
import { products, update } from "./products";

// Copies `count` examples (rows of d padded float32) into groups of eight, side by side; the rest of the
// last group is zero.
function gather(net: usize, rows: usize, order: usize, count: i32): void {
  const width = paddedInputs(net);
  const rowBytes = <usize>(width << 2);
  const groupBytes = <usize>(width << 5);
  const size = blockSize(net);
  for (let quad = 0; quad < size; quad += 4) {
    let to = blockInputs(net) + <usize>(quad >> 3) * groupBytes + <usize>((quad & 4) << 2);
    const end = to + groupBytes;
    if (quad >= count) {
      for (; to < end; to += 32) v128.store(to, f32x4.splat(0.0));
      continue;
    }
    // Examples past the end are read as the quad's first: their results are never used.
    let a = rows + <usize>load<u32>(order + <usize>(quad << 2)) * rowBytes;
    let b = quad + 1 < count ? rows + <usize>load<u32>(order + <usize>(quad << 2), 4) * rowBytes : a;
    let c = quad + 2 < count ? rows + <usize>load<u32>(order + <usize>(quad << 2), 8) * rowBytes : a;
    let d = quad + 3 < count ? rows + <usize>load<u32>(order + <usize>(quad << 2), 12) * rowBytes : a;
    for (; to < end; to += 128) {
      const va = v128.load(a);
      const vb = v128.load(b);
      const vc = v128.load(c);
      const vd = v128.load(d);
      const ab0 = v128.shuffle<f32>(va, vb, 0, 4, 1, 5);
      const ab1 = v128.shuffle<f32>(va, vb, 2, 6, 3, 7);
      const cd0 = v128.shuffle<f32>(vc, vd, 0, 4, 1, 5);
      const cd1 = v128.shuffle<f32>(vc, vd, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
      v128.store(to, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7), 32);
      v128.store(to, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5), 64);
      v128.store(to, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7), 96);
      a += 16;
      b += 16;
      c += 16;
      d += 16;
    }
  }
}

// Inner products of the block's inputs, as far as a step needs earlier ones: products with the block's own groups
// in the place of weights.
function innerProducts(net: usize, count: i32): void {
  const groupBytes = <usize>(paddedInputs(net) << 5);
  const rowBytes = <usize>(blockSize(net) << 5);
  let group = blockInputs(net);
  let out = gram(net);
  for (let first = 0; first < count; first += 8) {
    products(group, group, 1, groupBytes, inputs(net), count - first, zeros(net), out, rowBytes);
    group += groupBytes;
    out += rowBytes + 256;
  }
}

// @ts-ignore: decorator
@inline
function innerProduct(net: usize, i: i32, j: i32): f32 {
  const row = (j >> 3) * blockSize(net) + i;
  return load<f32>(gram(net) + <usize>((row << 5) + ((j & 7) << 2)));
}

// First-layer products of the block with the weights as they are.
function firstLayerProducts(net: usize, count: i32): void {
  const at = layer(net, 0);
  products(
    blockInputs(net),
    weights(at),
    paddedOutputs(at) >> 3,
    <usize>(paddedInputs(net) << 5),
    inputs(net),
    count,
    zeros(net),
    blockProducts(net),
    <usize>(blockSize(net) << 5),
  );
}

// Pre-activations and activations of step i; z = αⁱ Z_i + b − Σ_{j<i} (f αⁱ⁻¹⁻ʲ x_i·x_j + f_b) g_j, j ascending, with f and f_b
// the factors on the rates of weights and biases.
function firstLayerStep(net: usize, i: i32): void {
  const at = layer(net, 0);
  const powers = decayPowers(net);
  const row = coefficients(net);
  for (let j = 0; j < i; j++) {
    const power = load<f32>(ratedPowers(net) + <usize>((i - 1 - j) << 2));
    store<f32>(row + <usize>(j << 2), power * innerProduct(net, i, j) + biasFactor(at));
  }
  const scale = v128.load32_splat(powers + <usize>(i << 2));
  const rowBytes = <usize>(blockSize(net) << 5);
  const lastCoefficient = row + <usize>(i << 2);
  let z = blockProducts(net) + <usize>(i << 5);
  let start = gradients(net);
  let b = startBiases(net);
  const first = preactivations(at);
  const end = first + (<usize>paddedOutputs(at) << 2);
  for (let out = first; out < end; out += 32) {
    let z0 = f32x4.add(f32x4.mul(scale, v128.load(z)), v128.load(b));
    let z1 = f32x4.add(f32x4.mul(scale, v128.load(z, 16)), v128.load(b, 16));
    let g = start;
    for (let c = row; c < lastCoefficient; c += 4) {
      const factor = v128.load32_splat(c);
      z0 = f32x4.sub(z0, f32x4.mul(factor, v128.load(g)));
      z1 = f32x4.sub(z1, f32x4.mul(factor, v128.load(g, 16)));
      g += 32;
    }
    v128.store(out, z0);
    v128.store(out, z1, 16);
    z += rowBytes;
    start += rowBytes;
    b += 32;
  }
  if (layers(net) > 1) activateLayer(net, at);
}

// Keeps step i's gradient for the block's later steps and its end.
function keepGradient(net: usize, i: i32): void {
  const at = layer(net, 0);
  const rowBytes = <usize>(blockSize(net) << 5);
  let from = layerGradients(at);
  const end = from + (<usize>paddedOutputs(at) << 2);
  let to = gradients(net) + <usize>(i << 5);
  for (; from < end; from += 32) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    to += rowBytes;
  }
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
  let objective = lossAndGradient(net, label, learningRate(net), layerGradients(top));
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
  keepGradient(net, i);
  return objective;
}

// W ← α^count W − Σ_j f α^(count−1−j) x_j g_j, j ascending.
function firstLayerUpdate(net: usize, count: i32): void {
  const at = layer(net, 0);
  const scaled = regularization(net) != 0.0 || rateFactor32(at) != 1.0;
  const panels = paddedOutputs(at) >> 3;
  const rowBytes = <usize>(blockSize(net) << 5);
  if (scaled) scaleGradients(net, count);
  update(
    weights(at),
    blockInputs(net),
    panels,
    <usize>(paddedInputs(net) << 5),
    gradients(net),
    rowBytes,
    count,
    scaled,
    load<f32>(decayPowers(net) + <usize>(count << 2)),
  );
}

// g_j ← f α^(count−1−j) g_j.
function scaleGradients(net: usize, count: i32): void {
  const rowBytes = <usize>(blockSize(net) << 5);
  const panels = paddedOutputs(layer(net, 0)) >> 3;
  let g = gradients(net);
  for (let panel = 0; panel < panels; panel++) {
    for (let j = 0; j < count; j++) {
      const power = v128.load32_splat(ratedPowers(net) + <usize>((count - 1 - j) << 2));
      const p = g + <usize>(j << 5);
      v128.store(p, f32x4.mul(power, v128.load(p)));
      v128.store(p, f32x4.mul(power, v128.load(p, 16)), 16);
    }
    g += rowBytes;
  }
}

// ‖W‖² of every weight matrix in float64, in the order of memory.
export function measureNorms(net: usize): void {
  const d = inputs(net);
  for (let l = 0; l < layers(net); l++) {
    const at = layer(net, l);
    let sum: f64 = 0.0;
    let w = weights(at);
    if (l == 0) {
      for (let panel = 0; panel < paddedOutputs(at) >> 3; panel++) {
        for (let p = w; p < w + <usize>(d << 5); p += 4) {
          const value = <f64>load<f32>(p);
          sum += value * value;
        }
        w += <usize>(paddedInputs(net) << 5);
      }
    } else {
      const end = w + <usize>((paddedFrom(at) * paddedOutputs(at)) << 2);
      for (; w < end; w += 4) {
        const value = <f64>load<f32>(w);
        sum += value * value;
      }
    }
    store<f64>(squaredNorms(net) + (<usize>l << 3), sum);
  }
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
    gather(net, rows, block, count);
    innerProducts(net, count);
    firstLayerProducts(net, count);
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
