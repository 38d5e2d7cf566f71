// Losses and right predictions of many examples under fixed weights, in batches whose examples begin with the same values.

import { activate } from "./activations";
import { affineOfEight } from "./dense";
import {
  activation,
  biases,
  evaluationProducts,
  evaluationStarts,
  inputs,
  layer,
  layers,
  nextEvaluated,
  outputs,
  paddedInputs,
  paddedOutputs,
  predictedRight,
  weights,
  zeros,
} from "./network";
import { lossesOfEight } from "./objectives";
import { products, productsOfOne } from "./products/products";
import { storeColumns } from "./products/transposition";

// Examples whose products lie in scratch memory at a time.
const BATCH = 64;
// Of these, examples that go through the layers above together.
const TOGETHER = 8;
// Examples in a chunk: its losses are added up in float64, one after the other.
const CHUNK = 512;

// Pre-activations z (8, outputs padded) of the examples from `index` on.
function firstLayer(net: usize, index: i32, z: usize): void {
  const at = layer(net, 0);
  const rowBytes = <usize>paddedOutputs(at) << 2;
  let from = evaluationProducts(net) + <usize>(index << 5);
  let b = biases(at);
  for (const last = z + rowBytes; z < last; z += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let to = z;
    for (let i: usize = 0; i < <usize>(TOGETHER << 5); i += 32) {
      v128.store(to, f32x4.add(v128.load(from + i), b0));
      v128.store(to, f32x4.add(v128.load(from + i, 16), b1), 16);
      to += rowBytes;
    }
    from += BATCH << 5;
    b += 32;
  }
}

// Where the scores of eight examples from `index` on lie then: one of two halves of `scratch`, behind 256 bytes.
function scoresOf(net: usize, index: i32, scratch: usize, halfBytes: usize): usize {
  const count = layers(net);
  let z = scratch + 256;
  let other = z + halfBytes;
  firstLayer(net, index, z);
  for (let l = 1; l < count; l++) {
    activate(activation(net), z, z + <usize>(paddedOutputs(layer(net, l - 1)) * TOGETHER << 2), z);
    affineOfEight(layer(net, l), z, other, scratch);
    const below = z;
    z = other;
    other = below;
  }
  return z;
}

// Padded outputs of the widest layer.
function widest(net: usize): i32 {
  let width = 0;
  for (let l = 0; l < layers(net); l++) width = max(width, paddedOutputs(layer(net, l)));
  return width;
}

// Evaluates a set of `count` examples, in any order, under the weights of `chain` and of those networks that follow it: groups
// (⌈count / 8⌉, d padded, 8) float32; indices (count) uint32, the place of each in the set; labels (count) uint8, in the set's order;
// sharedInputs (⌈count / 64⌉) uint32: with how many inputs, fewer than all, all examples of a batch of 64 begin with the same
// values, so that their sums have the same beginning. losses (networks, count + ⌈count / 512⌉ made even) float64 receives the loss of each
// in the set's order, then the sum of each chunk of 512. scratch (72 + 2 · 8 · the widest layer's padded outputs) float32 is
// overwritten. Returns how many are predicted right by all networks together; each keeps its own number.
export function evaluate(
  chain: usize,
  groups: usize,
  indices: usize,
  sharedInputs: usize,
  labels: usize,
  count: i32,
  losses: usize,
  scratch: usize,
): i32 {
  const groupBytes = <usize>(paddedInputs(chain) << 5);
  const lossBytes = <usize>((count + (count + CHUNK - 1) / CHUNK + 1) & -2) << 3;
  let right = 0;
  for (let net = chain; net; net = nextEvaluated(net)) store<i32>(predictedRight(net), 0);
  for (let begin = 0; begin < count; begin += BATCH) {
    const batch = min(BATCH, count - begin);
    const x = groups + <usize>(begin >> 3) * groupBytes;
    store<i64>(scratch, fetched(x, x + <usize>((batch + 7) >> 3) * groupBytes));
    let to = losses;
    for (let net = chain; net; net = nextEvaluated(net)) {
      const found = evaluateBatch(net, x, indices, load<i32>(sharedInputs), labels, batch, to, scratch);
      store<i32>(predictedRight(net), load<i32>(predictedRight(net)) + found);
      right += found;
      to += lossBytes;
    }
    indices += BATCH << 2;
    sharedInputs += 4;
  }
  for (let net = chain; net; net = nextEvaluated(net)) {
    addChunks(losses, count);
    losses += lossBytes;
  }
  return right;
}

// The same of a batch and one network; `same` of its inputs are shared.
function evaluateBatch(
  net: usize,
  x: usize,
  indices: usize,
  same: i32,
  labels: usize,
  batch: i32,
  losses: usize,
  scratch: usize,
): i32 {
  const groupBytes = <usize>(paddedInputs(net) << 5);
  const first = layer(net, 0);
  const top = layer(net, layers(net) - 1);
  const panels = paddedOutputs(first) >> 3;
  const classes = outputs(top);
  const halfBytes = <usize>(widest(net) * TOGETHER << 2);
  // Labels of eight examples.
  const ofEight = scratch + 256 + 2 * halfBytes;
  const skipped = <usize>(same << 5);
  let right = 0;
  productsOfOne(x, weights(first), panels, groupBytes, same, zeros(net), evaluationStarts(net), 32);
  products(
    x + skipped,
    weights(first) + skipped,
    panels,
    groupBytes,
    inputs(net) - same,
    batch,
    evaluationStarts(net),
    evaluationProducts(net),
    BATCH << 5,
  );
  for (let i = 0; i < batch; i += TOGETHER) {
    const some = min(TOGETHER, batch - i);
    // Long before vectors are loaded from there, which would wait for them.
    for (let e: usize = 0; e < <usize>some; e++) {
      store<i32>(ofEight + (e << 2), load<u8>(labels + <usize>load<u32>(indices + (e << 2))));
    }
    const scores = scoresOf(net, i, scratch, halfBytes);
    // Behind the scores' half, or in the first.
    const grouped = scores == scratch + 256 ? scores + halfBytes : scratch + 256;
    groupScores(scores, paddedOutputs(top), grouped);
    right += rightOfFour(grouped, classes, ofEight, some);
    right += rightOfFour(grouped + 16, classes, ofEight + 16, some - 4);
    lossesOfEight(net, false, grouped, some, ofEight, 0.0, scratch);
    for (let e: usize = 0; e < <usize>some; e++) {
      store<f64>(losses + (<usize>load<u32>(indices) << 3), load<f64>(scratch + (e << 3)));
      indices += 4;
    }
  }
  return right;
}

// to (outputs padded, 8) = the transpose of scores (8, outputs padded).
function groupScores(scores: usize, padded: i32, to: usize): void {
  const row = <usize>(padded << 2);
  for (const end = scores + row; scores < end; scores += 16) {
    const a = scores;
    const e = a + (row << 2);
    storeColumns(v128.load(a), v128.load(a + row), v128.load(a + 2 * row), v128.load(a + 3 * row), to);
    storeColumns(v128.load(e), v128.load(e + row), v128.load(e + 2 * row), v128.load(e + 3 * row), to + 16);
    to += 128;
  }
}

// How many of the first `count` of four examples are predicted right: by the lowest index of the largest score, where a NaN counts
// as largest. scores (classes, 4), 32 bytes apart; labels (4) int32.
function rightOfFour(scores: usize, classes: i32, labels: usize, count: i32): i32 {
  let best = v128.load(scores);
  let index = i32x4.splat(0);
  for (let c = 1; c < classes; c++) {
    scores += 32;
    const score = v128.load(scores);
    const none = v128.andnot(f32x4.ne(score, score), f32x4.ne(best, best));
    const larger = v128.or(f32x4.gt(score, best), none);
    best = v128.bitselect(score, best, larger);
    index = v128.bitselect(i32x4.splat(c), index, larger);
  }
  const right = i32x4.bitmask(i32x4.eq(index, v128.load(labels)));
  return popcnt(right & ((1 << max(0, min(4, count))) - 1));
}

// Reads a number of each line of a cache: they come from memory as fast as it gives them then, for which products look ahead too
// little. Its result is of no use, but keeps the loads.
function fetched(from: usize, to: usize): i64 {
  let all: i64 = 0;
  for (; from < to; from += 128) {
    all |= load<i64>(from);
    all |= load<i64>(from, 64);
  }
  return all;
}

// Behind `count` losses, the sum of each chunk of them.
function addChunks(losses: usize, count: i32): void {
  let sums = losses + (<usize>count << 3);
  for (let begin = 0; begin < count; begin += CHUNK) {
    let sum: f64 = 0.0;
    for (let i = begin; i < min(begin + CHUNK, count); i++) sum += load<f64>(losses + (<usize>i << 3));
    store<f64>(sums, sum);
    sums += 8;
  }
}
