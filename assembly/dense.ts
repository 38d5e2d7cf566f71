// Layers above the first: one example at a time.

import { activate } from "./activations";
import {
  activation,
  activations,
  biases,
  decay32,
  layer,
  layers,
  outputs,
  paddedFrom,
  paddedOutputs,
  preactivations,
  rateFactor32,
  weights,
} from "./network";

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

// z (outputs) = Wᵀ a + b, four outputs at a time; lane l of a sum takes the inputs l, l + 4, l + 8, …
function affine(at: usize, a: usize): void {
  const rows = paddedFrom(at) >> 2;
  const stride = <usize>(paddedOutputs(at) << 4);
  const end = preactivations(at) + (<usize>paddedOutputs(at) << 2);
  let b = biases(at);
  let column = weights(at);
  for (let z = preactivations(at); z < end; z += 16) {
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
    v128.store(z, f32x4.add(laneSums(s0, s1, s2, s3), v128.load(b)));
    b += 16;
    column += 64;
  }
}

// From the first layer's activations to the scores (the last layer's pre-activations).
export function forward(net: usize): void {
  const count = layers(net);
  for (let l = 1; l < count; l++) {
    const at = layer(net, l);
    affine(at, activations(layer(net, l - 1)));
    if (l < count - 1) activateLayer(net, at);
  }
}

// @ts-ignore: decorator
@inline
export function activateLayer(net: usize, at: usize): void {
  const z = preactivations(at);
  activate(activation(net), z, z + (<usize>paddedOutputs(at) << 2), activations(at));
}

// One step of one layer: `below` (from) receives Σ_c W g_c, c ascending: the gradient with respect to a; then
// W ← αW − (f a) gᵀ. The padding is left as it is.
export function backward(at: usize, a: usize, g: usize, below: usize): void {
  const alpha = f32x4.splat(decay32(at));
  const factor = f32x4.splat(rateFactor32(at));
  const end = a + (<usize>paddedFrom(at) << 2);
  const lastGradient = g + (<usize>outputs(at) << 2);
  const padding = <usize>(paddedOutputs(at) - outputs(at)) << 4;
  let w = weights(at);
  for (; a < end; a += 16) {
    const v = f32x4.mul(factor, v128.load(a));
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
    v128.store(below, sum);
    below += 16;
  }
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
