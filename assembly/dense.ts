// Layers above the first, and the softmax: one example at a time.

import { exp4, log } from "./elementary";
import {
  activations,
  biases,
  layer,
  layers,
  outputs,
  paddedFrom,
  paddedOutputs,
  weights,
} from "./network";

// max(z, 0) that keeps a NaN.
// @ts-ignore: decorator
@inline
export function relu(z: v128): v128 {
  return f32x4.pmax(z, f32x4.splat(0.0));
}

// Sums of the lanes of four vectors, each as (l0 + l2) + (l1 + l3).
// @ts-ignore: decorator
@inline
function laneSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(
    v128.shuffle<f32>(a, b, 0, 4, 1, 5),
    v128.shuffle<f32>(a, b, 2, 6, 3, 7),
  );
  const cd = f32x4.add(
    v128.shuffle<f32>(c, d, 0, 4, 1, 5),
    v128.shuffle<f32>(c, d, 2, 6, 3, 7),
  );
  return f32x4.add(
    v128.shuffle<f32>(ab, cd, 0, 1, 4, 5),
    v128.shuffle<f32>(ab, cd, 2, 3, 6, 7),
  );
}

// out (outputs) = Wᵀ a + b, four outputs at a time; lane l of a sum takes the inputs l, l + 4, l + 8, …
function preactivations(at: usize, a: usize): void {
  const rows = paddedFrom(at) >> 2;
  const stride = <usize>(paddedOutputs(at) << 4);
  const end = activations(at) + (<usize>paddedOutputs(at) << 2);
  let b = biases(at);
  let column = weights(at);
  for (let out = activations(at); out < end; out += 16) {
    let s0 = f32x4.splat(0.0);
    let s1 = f32x4.splat(0.0);
    let s2 = f32x4.splat(0.0);
    let s3 = f32x4.splat(0.0);
    let w = column;
    let p = a;
    const last = a + <usize>(rows << 4);
    do {
      const v = v128.load(p);
      s0 = f32x4.add(s0, f32x4.mul(v, v128.load(w)));
      s1 = f32x4.add(s1, f32x4.mul(v, v128.load(w, 16)));
      s2 = f32x4.add(s2, f32x4.mul(v, v128.load(w, 32)));
      s3 = f32x4.add(s3, f32x4.mul(v, v128.load(w, 48)));
      p += 16;
      w += stride;
    } while (p < last);
    v128.store(out, f32x4.add(laneSums(s0, s1, s2, s3), v128.load(b)));
    b += 16;
    column += 64;
  }
}

// From the first layer's activations to the scores (the last layer's activations).
export function forward(net: usize): void {
  const count = layers(net);
  for (let l = 1; l < count; l++) {
    const at = layer(net, l);
    preactivations(at, activations(layer(net, l - 1)));
    if (l == count - 1) return;
    const end = activations(at) + (<usize>paddedOutputs(at) << 2);
    for (let p = activations(at); p < end; p += 16) v128.store(p, relu(v128.load(p)));
  }
}

// One step of one layer: `below` (from) receives Σ_c W g_c, c ascending, where its activation is
// positive; then W ← αW − a gᵀ. The padding is left as it is.
export function backward(at: usize, a: usize, g: usize, below: usize, decay: f32): void {
  const alpha = f32x4.splat(decay);
  const end = a + (<usize>paddedFrom(at) << 2);
  const lastGradient = g + (<usize>outputs(at) << 2);
  const padding = <usize>(paddedOutputs(at) - outputs(at)) << 4;
  let w = weights(at);
  for (; a < end; a += 16) {
    const v = v128.load(a);
    let sum = f32x4.splat(0.0);
    let p = g;
    do {
      const gradient = v128.load32_splat(p);
      const old = v128.load(w);
      sum = f32x4.add(sum, f32x4.mul(old, gradient));
      v128.store(w, f32x4.sub(f32x4.mul(alpha, old), f32x4.mul(v, gradient)));
      w += 16;
      p += 4;
    } while (p < lastGradient);
    w += padding;
    v128.store(below, v128.and(sum, f32x4.gt(v, f32x4.splat(0.0))));
    below += 16;
  }
}

// @ts-ignore: decorator
@inline
function largestOf(scores: usize, end: usize): v128 {
  let m = v128.load(scores);
  for (let p = scores + 16; p < end; p += 16) m = f32x4.pmax(m, v128.load(p));
  m = f32x4.pmax(m, v128.shuffle<f32>(m, m, 2, 3, 0, 1));
  return f32x4.pmax(m, v128.shuffle<f32>(m, m, 1, 0, 3, 2));
}

// @ts-ignore: decorator
@inline
function lossOf(sum: v128, largest: v128, scores: usize, label: i32): f64 {
  const total =
    f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 2) +
    (f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 3));
  const right = <f64>load<f32>(scores + (<usize>label << 2));
  return log(<f64>total) - (right - <f64>f32x4.extract_lane(largest, 0));
}

// Multinomial logistic loss of the scores; g (outputs) = η (softmax(scores) − onehot(label)).
export function softmaxStep(net: usize, label: i32, eta: f32, g: usize): f64 {
  const at = layer(net, layers(net) - 1);
  const scores = activations(at);
  const end = scores + (<usize>paddedOutputs(at) << 2);
  const largest = largestOf(scores, end);
  let sum = f32x4.splat(0.0);
  let out = g;
  for (let p = scores; p < end; p += 16) {
    const e = exp4(f32x4.sub(v128.load(p), largest));
    v128.store(out, e);
    sum = f32x4.add(sum, e);
    out += 16;
  }
  let total = f32x4.add(sum, v128.shuffle<f32>(sum, sum, 2, 3, 0, 1));
  total = f32x4.add(total, v128.shuffle<f32>(total, total, 1, 0, 3, 2));
  let index = i32x4(0, 1, 2, 3);
  const wanted = i32x4.splat(label);
  const one = f32x4.splat(1.0);
  const rate = f32x4.splat(eta);
  for (out = g; out < g + (end - scores); out += 16) {
    const p = f32x4.div(v128.load(out), total);
    const target = v128.and(one, i32x4.eq(index, wanted));
    v128.store(out, f32x4.mul(rate, f32x4.sub(p, target)));
    index = i32x4.add(index, i32x4.splat(4));
  }
  return lossOf(sum, largest, scores, label);
}

// Multinomial logistic loss of the scores.
export function softmaxLoss(net: usize, label: i32): f64 {
  const at = layer(net, layers(net) - 1);
  const scores = activations(at);
  const end = scores + (<usize>paddedOutputs(at) << 2);
  const largest = largestOf(scores, end);
  let sum = f32x4.splat(0.0);
  for (let p = scores; p < end; p += 16)
    sum = f32x4.add(sum, exp4(f32x4.sub(v128.load(p), largest)));
  return lossOf(sum, largest, scores, label);
}

// The lowest index of the largest score; a NaN counts as largest.
export function predicted(scores: usize, classes: i32): i32 {
  let best = load<f32>(scores);
  let index = 0;
  for (let c = 1; c < classes; c++) {
    if (best != best) return index;
    const score = load<f32>(scores + (<usize>c << 2));
    if (score > best || score != score) {
      best = score;
      index = c;
    }
  }
  return index;
}
