// Losses and right predictions of many examples under fixed weights.

import { forward, predicted, relu, softmaxLoss } from "./dense";
import {
  activations,
  biases,
  evaluationProducts,
  inputs,
  layer,
  layers,
  outputs,
  paddedInputs,
  paddedOutputs,
  weights,
} from "./network";
import { products } from "./products";

// Examples whose products lie in scratch memory at a time.
const BATCH = 64;
// Examples in a chunk: its losses are added up in float64, one after the other.
const CHUNK = 512;

function firstLayer(net: usize, index: i32): void {
  const at = layer(net, 0);
  const hidden = layers(net) > 1;
  let z = evaluationProducts(net) + <usize>(index << 5);
  let b = biases(at);
  const first = activations(at);
  const end = first + (<usize>paddedOutputs(at) << 2);
  for (let out = first; out < end; out += 32) {
    let z0 = f32x4.add(v128.load(z), v128.load(b));
    let z1 = f32x4.add(v128.load(z, 16), v128.load(b, 16));
    if (hidden) {
      z0 = relu(z0);
      z1 = relu(z1);
    }
    v128.store(out, z0);
    v128.store(out, z1, 16);
    z += BATCH << 5;
    b += 32;
  }
}

// Evaluates `count` examples: groups (⌈count / 8⌉, d padded, 8) float32; labels (count) uint8; losses
// (⌈count / 512⌉) float64 receives the sum of each chunk. Returns how many are predicted right.
export function evaluate(net: usize, groups: usize, labels: usize, count: i32, losses: usize): i32 {
  const groupBytes = <usize>(paddedInputs(net) << 5);
  const first = layer(net, 0);
  const top = layer(net, layers(net) - 1);
  const classes = outputs(top);
  let right = 0;
  let sum: f64 = 0.0;
  for (let begin = 0; begin < count; begin += BATCH) {
    const batch = min(BATCH, count - begin);
    products(
      groups + <usize>(begin >> 3) * groupBytes,
      weights(first),
      paddedOutputs(first) >> 3,
      groupBytes,
      inputs(net),
      batch,
      evaluationProducts(net),
      BATCH << 5,
    );
    for (let i = 0; i < batch; i++) {
      firstLayer(net, i);
      forward(net);
      const label = <i32>load<u8>(labels + <usize>(begin + i));
      sum += softmaxLoss(net, label);
      if (predicted(activations(top), classes) == label) right++;
    }
    const done = begin + batch;
    if (done % CHUNK == 0 || done == count) {
      store<f64>(losses + (<usize>((done - 1) / CHUNK) << 3), sum);
      sum = 0.0;
    }
  }
  return right;
}
