// Forward and backward through all layers, for many examples at once, as register-tiled products; and the layers' steps.

import { activate, passBack } from "../activations";
import {
  batch,
  biasRule,
  biasSums,
  firstBiasState,
  firstState,
  groupedActivations,
  groupedGradients,
  hasBiases,
  lossesOfGroup,
  lossLabels,
  secondBiasState,
  secondState,
  SLAB,
  transposed,
  weightRule,
  weightSums,
} from "./batch-network";
import {
  activation,
  activations,
  biases,
  from,
  layer,
  layerGradients,
  layers,
  outputs,
  paddedFrom,
  paddedOutputs,
  preactivations,
  weights,
  zeros,
} from "../network";
import { lossAndGradient, lossesOfEight } from "../objectives";
import { move } from "../optimizers";
import { products, update } from "../products/products";
import { AFRESH, KEPT } from "../products/tiles";
import { transpose } from "../products/transposition";

// Rows that `count` examples take, and the bytes of a panel of them.
// @ts-ignore: decorator
@inline
function rowsOf(count: i32): i32 {
  return (count + 7) & -8;
}
// @ts-ignore: decorator
@inline
export function panelBytes(count: i32): usize {
  return <usize>(rowsOf(count) << 5);
}

// z of layer l, without biases, of `count` examples; x are what it sees, in groups.
export function affine(net: usize, l: i32, x: usize, count: i32): void {
  const at = layer(net, l);
  const panels = paddedOutputs(at) >> 3;
  const rowBytes = panelBytes(count);
  products(
    x,
    weights(at),
    panels,
    <usize>(paddedFrom(at) << 5),
    from(at),
    count,
    zeros(net),
    preactivations(at),
    rowBytes,
  );
  let z = preactivations(at);
  let b = biases(at);
  for (let panel = 0; panel < panels; panel++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    for (let p = z; p < z + <usize>(count << 5); p += 32) {
      const z0 = f32x4.add(v128.load(p), b0);
      const z1 = f32x4.add(v128.load(p, 16), b1);
      v128.store(p, z0);
      v128.store(p, z1, 16);
    }
    z += rowBytes;
    b += 32;
  }
}

// From z of the first layer to the scores.
export function forward(net: usize, count: i32): void {
  const rowBytes = panelBytes(count);
  const used = <usize>(count << 5);
  for (let l = 1; l < layers(net); l++) {
    const below = layer(net, l - 1);
    const panels = paddedOutputs(below) >> 3;
    for (let p: usize = 0; p < <usize>panels * rowBytes; p += rowBytes) {
      const z = preactivations(below) + p;
      activate(activation(net), z, z + used, activations(below) + p);
    }
    transpose(activations(below), panels, rowsOf(count), groupedActivations(below));
    affine(net, l, groupedActivations(below), count);
  }
}

// Loss of the example of a row, which fills no group; its scores' gradients are eta · those of the loss.
function lossOfRow(net: usize, row: usize, rowBytes: usize, label: i32, eta: f32): f64 {
  const at = layer(net, layers(net) - 1);
  const bytes = <usize>(paddedOutputs(at) << 2);
  const classes = i32x4.splat(outputs(at));
  const four = i32x4.splat(4);
  const scores = groupedGradients(net);
  const g = scores + bytes;
  let index = i32x4(0, 1, 2, 3);
  let z = preactivations(at) + row;
  for (let p: usize = 0; p < bytes; p += 16) {
    // Padding stays what it is among the biases, whatever infinities and NaN do to the weights there.
    const kept = v128.bitselect(v128.load(z), v128.load(biases(at) + p), i32x4.lt_s(index, classes));
    v128.store(scores + p, kept);
    index = i32x4.add(index, four);
    z += p & 16 ? rowBytes - 16 : 16;
  }
  const loss = lossAndGradient(net, scores, label, eta, g);
  index = i32x4(0, 1, 2, 3);
  let to = layerGradients(at) + row;
  for (let p: usize = 0; p < bytes; p += 16) {
    v128.store(to, v128.and(v128.load(g + p), i32x4.lt_s(index, classes)));
    index = i32x4.add(index, four);
    to += p & 16 ? rowBytes - 16 : 16;
  }
  return loss;
}

// Adds the losses of `count` examples to `sum`, in their order; the scores' gradients, in groups, too, are eta · those of the
// losses.
export function losses(net: usize, labels: usize, order: usize, count: i32, eta: f32, sum: f64): f64 {
  const at = layer(net, layers(net) - 1);
  const padded = paddedOutputs(at);
  const rows = rowsOf(count);
  const used = <usize>(outputs(at) << 5);
  const bytes = <usize>(padded << 5);
  if (count < 3) {
    for (let row = 0; row < count; row++) {
      const label = load<u8>(labels + <usize>load<u32>(order + <usize>(row << 2)));
      sum += lossOfRow(net, <usize>(row << 5), panelBytes(count), label, eta);
    }
    transpose(layerGradients(at), padded >> 3, rows, groupedGradients(net));
    return sum;
  }
  // Long before vectors are loaded from there, which would wait for them.
  for (let i: usize = 0; i < <usize>(count << 2); i += 4)
    store<i32>(lossLabels(net) + i, load<u8>(labels + <usize>load<u32>(order + i)));
  transpose(preactivations(at), padded >> 3, rows, groupedGradients(net));
  let group = groupedGradients(net);
  for (let begin = 0; begin < count; begin += 8) {
    const some = min(8, count - begin);
    lossesOfEight(net, true, group, some, lossLabels(net) + <usize>(begin << 2), eta, lossesOfGroup(net));
    for (let i = 0; i < some; i++) sum += load<f64>(lossesOfGroup(net) + <usize>(i << 3));
    memory.fill(group + used, 0, bytes - used);
    group += bytes;
  }
  transpose(groupedGradients(net), rows >> 3, padded, layerGradients(at));
  return sum;
}

// From the scores' gradients to those with respect to the first layer's z; the upper layers' gradients are summed, and make their
// step where `last` says that these are all of its examples. `first`: whether they are its first. stepRates: see optimizers.ts.
export function backward(net: usize, count: i32, first: bool, last: bool, stepRates: usize): void {
  const rowBytes = panelBytes(count);
  const used = <usize>(count << 5);
  for (let l = layers(net) - 1; l > 0; l--) {
    const at = layer(net, l);
    const below = layer(net, l - 1);
    const panels = paddedOutputs(at) >> 3;
    const panelsBelow = paddedOutputs(below) >> 3;
    if (l < layers(net) - 1) transpose(layerGradients(at), panels, rowsOf(count), groupedGradients(net));
    if (first) transpose(weights(at), panels, paddedFrom(at), transposed(at));
    products(
      groupedGradients(net),
      transposed(at),
      panelsBelow,
      <usize>(paddedOutputs(at) << 5),
      outputs(at),
      count,
      zeros(net),
      layerGradients(below),
      rowBytes,
    );
    for (let p: usize = 0; p < <usize>panelsBelow * rowBytes; p += rowBytes) {
      const z = preactivations(below) + p;
      passBack(activation(net), z, z + used, activations(below) + p, layerGradients(below) + p);
    }
    sumBiasGradients(at, count, first);
    stepWeights(net, at, groupedActivations(below), count, first, last, stepRates);
    if (last) stepBiases(net, at, stepRates);
  }
}

// Adds a layer's gradients to the sums for its biases, in the order of examples, and changes their signs: `update`
// subtracts.
export function sumBiasGradients(at: usize, count: i32, first: bool): void {
  const rowBytes = panelBytes(count);
  let g = layerGradients(at);
  let sums = biasSums(at);
  for (let panel = 0; panel < paddedOutputs(at) >> 3; panel++) {
    let sum0 = first ? f32x4.splat(0.0) : v128.load(sums);
    let sum1 = first ? f32x4.splat(0.0) : v128.load(sums, 16);
    for (let p = g; p < g + <usize>(count << 5); p += 32) {
      const g0 = v128.load(p);
      const g1 = v128.load(p, 16);
      sum0 = f32x4.add(sum0, g0);
      sum1 = f32x4.add(sum1, g1);
      v128.store(p, f32x4.neg(g0));
      v128.store(p, f32x4.neg(g1), 16);
    }
    v128.store(sums, sum0);
    v128.store(sums, sum1, 16);
    g += rowBytes;
    sums += 32;
  }
}

// Adds x gᵀ of `count` examples, in their order, to the sums for a layer's weights, and moves these by them where `last`; x in
// groups, g with changed signs.
export function stepWeights(
  net: usize,
  at: usize,
  x: usize,
  count: i32,
  first: bool,
  last: bool,
  stepRates: usize,
): void {
  const bytes = <usize>(paddedFrom(at) << 5);
  const rowBytes = panelBytes(count);
  const apart = batch(net) > SLAB;
  const panels = paddedOutputs(at) >> 3;
  for (let panel = 0; panel < panels; panel += 2) {
    const some = min(2, panels - panel);
    const p = <usize>panel * bytes;
    const sums = weightSums(at) + (apart ? p : 0);
    const g = layerGradients(at) + <usize>panel * rowBytes;
    update(sums, x, some, bytes, g, rowBytes, count, first ? AFRESH : KEPT, 0.0);
    if (last)
      move(
        net,
        weightRule(at),
        weights(at) + p,
        <usize>some * bytes,
        sums,
        firstState(at) + p,
        secondState(at) + p,
        stepRates,
      );
  }
}

export function stepBiases(net: usize, at: usize, stepRates: usize): void {
  if (!hasBiases(net)) return;
  const bytes = <usize>(paddedOutputs(at) << 2);
  move(net, biasRule(at), biases(at), bytes, biasSums(at), firstBiasState(at), secondBiasState(at), stepRates);
}
