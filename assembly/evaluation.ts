// Losses and right predictions of many examples under fixed weights, in batches whose examples begin with the same values.

import { activate } from "./activations";
import { forward, predicted } from "./dense";
import {
  activation,
  activations,
  biases,
  evaluationProducts,
  evaluationStarts,
  inputs,
  layer,
  layers,
  outputs,
  paddedInputs,
  paddedOutputs,
  weights,
} from "./network";
import { lossOfScores } from "./objectives";
import { beginnings, products } from "./products";

// Examples whose products lie in scratch memory at a time.
const BATCH = 64;
// Examples in a chunk: its losses are added up in float64, one after the other.
const CHUNK = 512;

function firstLayer(net: usize, index: i32): void {
  const at = layer(net, 0);
  let z = evaluationProducts(net) + <usize>(index << 5);
  let b = biases(at);
  const first = activations(at);
  const end = first + (<usize>paddedOutputs(at) << 2);
  for (let out = first; out < end; out += 32) {
    const z0 = f32x4.add(v128.load(z), v128.load(b));
    const z1 = f32x4.add(v128.load(z, 16), v128.load(b, 16));
    v128.store(out, z0);
    v128.store(out, z1, 16);
    z += BATCH << 5;
    b += 32;
  }
  if (layers(net) > 1) activate(activation(net), first, end, first);
}

// Evaluates a set of `count` examples, in any order: groups (⌈count / 8⌉, d padded, 8) float32; indices (count) uint32,
// the place of each in the set; labels (count) uint8, in the set's order; sharedInputs (⌈count / 64⌉) uint32: with how many
// inputs, fewer than all, all examples of a batch of 64 begin with the same values, so that their sums have the same beginning. losses
// (count + ⌈count / 512⌉) float64 receives the loss of each in the set's order, then the sum of each chunk of 512. Returns
// how many are predicted right.
export function evaluate(
  net: usize,
  groups: usize,
  indices: usize,
  sharedInputs: usize,
  labels: usize,
  count: i32,
  losses: usize,
): i32 {
  const groupBytes = <usize>(paddedInputs(net) << 5);
  const first = layer(net, 0);
  const top = layer(net, layers(net) - 1);
  const panels = paddedOutputs(first) >> 3;
  const classes = outputs(top);
  let right = 0;
  for (let begin = 0; begin < count; begin += BATCH) {
    const batch = min(BATCH, count - begin);
    const x = groups + <usize>(begin >> 3) * groupBytes;
    const same = load<i32>(sharedInputs);
    const skipped = <usize>(same << 5);
    beginnings(x, weights(first), panels, groupBytes, same, evaluationStarts(net));
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
    for (let i = 0; i < batch; i++) {
      firstLayer(net, i);
      forward(net);
      const index = <usize>load<u32>(indices);
      const label = <i32>load<u8>(labels + index);
      store<f64>(losses + (index << 3), lossOfScores(net, label));
      if (predicted(activations(top), classes) == label) right++;
      indices += 4;
    }
    sharedInputs += 4;
  }
  addChunks(losses, count);
  return right;
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
