// Several small steps in a block that shares the first layer's products: SGD, plain or with momentum. The exact blocked
// algorithm (docs/numerics.md), with batches in the place of examples.

import { batch, momentumPowers, optimizer, velocityProducts, firstFloor, firstState } from "./batch-network";
import {
  blockTimes,
  innerProduct,
  innerProducts,
  keepGradients,
  scaleGradients,
  subtractEarlier,
} from "../first-layer";
import { gather } from "../gather";
import { backward, forward, losses, panelBytes, stepBiases, sumBiasGradients } from "./layers";
import {
  biases,
  biasFactor,
  blockInputs,
  blockProducts,
  blockSize,
  coefficients,
  decayPowers,
  gradients,
  layer,
  layerGradients,
  paddedInputs,
  paddedOutputs,
  preactivations,
  ratedPowers,
  startBiases,
  trainsPastDivergence,
  weights,
} from "../network";
import { PLAIN, shareOf } from "../optimizers";
import { flushed } from "../optimizers/flush";
import { momentumPanel } from "../products/momentum-tiles";
import { update, wide } from "../products/products";
import { KEPT, SCALED } from "../products/tiles";

// Offsets in a row of momentum's powers.
const P = 0;
const Q = 4;
const R = 8;
const S = 12;
const C = 16;
const D = 20;

// @ts-ignore: decorator
@inline
function powersAt(net: usize, k: i32): usize {
  return momentumPowers(net) + <usize>(k << 5);
}

// Trains on `count` examples, the last step's fewer where they do not divide; objectives (steps) receives each step's before
// its update. Returns the number of steps made: the first whose objective is not finite is the last, unless the network
// says to go on.
export function trainBlock(
  net: usize,
  rows: usize,
  labels: usize,
  order: usize,
  count: i32,
  penalty: f64,
  objectives: usize,
): i32 {
  const at = layer(net, 0);
  const plain = optimizer(net) == PLAIN;
  const size = batch(net);
  gather(rows, paddedInputs(net), order, count, blockInputs(net));
  innerProducts(net, count);
  blockTimes(net, weights(at), count, blockProducts(net));
  if (plain) memory.copy(startBiases(net), biases(at), <usize>paddedOutputs(at) << 2);
  else blockTimes(net, firstState(at), count, velocityProducts(net));
  let i = 0;
  for (let begin = 0; begin < count; begin += size) {
    const some = min(size, count - begin);
    const places = order + <usize>(begin << 2);
    for (let row = 0; row < some; row++) firstLayerRow(net, plain, i, begin, row, some);
    forward(net, some);
    const sum = losses(net, labels, places, some, shareOf(net, some), 0.0);
    const objective = sum / <f64>some + penalty;
    store<f64>(objectives + (<usize>i << 3), objective);
    i++;
    if (!(abs(objective) < Infinity) && !trainsPastDivergence(net)) return i;
    backward(net, some, true, true, 0);
    keepGradients(net, begin, some, layerGradients(at), panelBytes(some));
    sumBiasGradients(at, some, true);
    stepBiases(net, at, 0);
  }
  if (plain) endPlain(net, count, i);
  else endMomentum(net, count, i);
  return i;
}

// Pre-activations of the block's example `begin + row`, which is one of `some` of step i.
function firstLayerRow(net: usize, plain: bool, i: i32, begin: i32, row: i32, some: i32): void {
  const at = layer(net, 0);
  const example = begin + row;
  const place = <usize>(example << 5);
  const out = preactivations(at) + <usize>(row << 5);
  const z = blockProducts(net) + place;
  let to = coefficients(net);
  for (let j = 0; j < begin; j++) {
    const inner = innerProduct(net, example, j);
    const age = i - 1 - j / batch(net);
    store<f32>(
      to,
      plain
        ? load<f32>(ratedPowers(net) + <usize>(age << 2)) * inner + biasFactor(at)
        : load<f32>(powersAt(net, age), C) * inner,
    );
    to += 4;
  }
  if (plain) {
    const scale = v128.load32_splat(decayPowers(net) + <usize>(i << 2));
    subtractEarlier(net, begin, z, scale, false, 0, scale, startBiases(net), out, panelBytes(some));
  } else {
    const p = v128.load32_splat(powersAt(net, i), P);
    const q = v128.load32_splat(powersAt(net, i), Q);
    const y = velocityProducts(net) + place;
    subtractEarlier(net, begin, z, p, true, y, q, biases(at), out, panelBytes(some));
  }
}

// Each example's coefficient at the block's end, after n steps: `of` the power of the steps that follow its own.
// @ts-ignore: decorator
@inline
function setCoefficients(net: usize, count: i32, n: i32, powers: usize, rowBytes: i32, negated: bool): void {
  for (let j = 0; j < count; j++) {
    const power = load<f32>(powers + <usize>((n - 1 - j / batch(net)) * rowBytes));
    store<f32>(coefficients(net) + <usize>(j << 2), negated ? -power : power);
  }
}

// W ← αⁿ W − Σ_j f αⁿ⁻¹⁻ˢ⁽ʲ⁾ x_j g_j, s(j) the step of example j.
function endPlain(net: usize, count: i32, n: i32): void {
  setCoefficients(net, count, n, ratedPowers(net), 4, false);
  scaleGradients(net, count, gradients(net));
  const scale = load<f32>(decayPowers(net) + <usize>(n << 2));
  const at = layer(net, 0);
  update(
    weights(at),
    blockInputs(net),
    paddedOutputs(at) >> 3,
    <usize>(paddedInputs(net) << 5),
    gradients(net),
    <usize>(blockSize(net) << 5),
    count,
    SCALED,
    scale,
  );
}

// (W, V) ← Mⁿ (W, V) + Σ_j x_j Mⁿ⁻¹⁻ˢ⁽ʲ⁾ u g_j; then V is flushed. Two panels at a time, while they are at hand.
function endMomentum(net: usize, count: i32, n: i32): void {
  const at = layer(net, 0);
  const panels = paddedOutputs(at) >> 3;
  const groupBytes = <usize>(paddedInputs(net) << 5);
  const rowBytes = <usize>(blockSize(net) << 5);
  let w = weights(at);
  let v = firstState(at);
  let along = blockProducts(net);
  let kept = velocityProducts(net);
  setCoefficients(net, count, n, momentumPowers(net) + C, 32, false);
  scaleGradients(net, count, along);
  setCoefficients(net, count, n, momentumPowers(net) + D, 32, true);
  scaleGradients(net, count, kept);
  if (wide) {
    for (let panel = 0; panel < panels; panel++) {
      momentumPanel(w, v, groupBytes, blockInputs(net), along, kept, count, powersAt(net, n), firstFloor(net));
      w += groupBytes;
      v += groupBytes;
      along += rowBytes;
      kept += rowBytes;
    }
    return;
  }
  for (let panel = 0; panel < panels; panel += 2) {
    const some = min(2, panels - panel);
    const bytes = <usize>some * groupBytes;
    mix(w, w + bytes, v, powersAt(net, n));
    update(w, blockInputs(net), some, groupBytes, along, rowBytes, count, KEPT, 0.0);
    update(v, blockInputs(net), some, groupBytes, kept, rowBytes, count, KEPT, 0.0);
    flush(v, v + bytes, firstFloor(net));
    w += bytes;
    v += bytes;
    along += rowBytes << 1;
    kept += rowBytes << 1;
  }
}

function mix(w: usize, end: usize, v: usize, powers: usize): void {
  const p = v128.load32_splat(powers, P);
  const q = v128.load32_splat(powers, Q);
  const r = v128.load32_splat(powers, R);
  const s = v128.load32_splat(powers, S);
  for (; w < end; w += 32) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    const v0 = v128.load(v);
    const v1 = v128.load(v, 16);
    v128.store(w, f32x4.add(f32x4.mul(p, w0), f32x4.mul(q, v0)));
    v128.store(w, f32x4.add(f32x4.mul(p, w1), f32x4.mul(q, v1)), 16);
    v128.store(v, f32x4.add(f32x4.mul(r, w0), f32x4.mul(s, v0)));
    v128.store(v, f32x4.add(f32x4.mul(r, w1), f32x4.mul(s, v1)), 16);
    v += 32;
  }
}

function flush(v: usize, end: usize, floor: f32): void {
  const least = f32x4.splat(floor);
  for (; v < end; v += 32) {
    const v0 = v128.load(v);
    const v1 = v128.load(v, 16);
    v128.store(v, flushed(v0, least));
    v128.store(v, flushed(v1, least), 16);
  }
}
