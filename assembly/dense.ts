// Layers above the first: one example at a time in training, eight in an evaluation.

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
import { wide } from "./products/products";

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
function affine(at: usize, a: usize, z: usize): void {
  const rows = paddedFrom(at) >> 2;
  const stride = <usize>(paddedOutputs(at) << 4);
  let b = biases(at);
  let column = weights(at);
  for (const end = z + (<usize>paddedOutputs(at) << 2); z < end; z += 16) {
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

// The four lanes of the sums that `affine` makes of four examples, a (4, from padded), and four outputs, of which w is the
// column: out (4 examples, 4 outputs, 4 lanes). They fill 256-bit registers, as in wide-tiles.ts: that operations are
// fused takes stores side by side.
export function affineTile(
  a: usize,
  inputBytes: usize,
  w: usize,
  stride: usize,
  out: usize,
): void {
  let a0 = f32x4.splat(0.0);
  let a1 = f32x4.splat(0.0);
  let a2 = f32x4.splat(0.0);
  let a3 = f32x4.splat(0.0);
  let b0 = f32x4.splat(0.0);
  let b1 = f32x4.splat(0.0);
  let b2 = f32x4.splat(0.0);
  let b3 = f32x4.splat(0.0);
  let c0 = f32x4.splat(0.0);
  let c1 = f32x4.splat(0.0);
  let c2 = f32x4.splat(0.0);
  let c3 = f32x4.splat(0.0);
  let d0 = f32x4.splat(0.0);
  let d1 = f32x4.splat(0.0);
  let d2 = f32x4.splat(0.0);
  let d3 = f32x4.splat(0.0);
  let b = a + inputBytes;
  let c = b + inputBytes;
  let d = c + inputBytes;
  const end = b;
  do {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    const w2 = v128.load(w, 32);
    const w3 = v128.load(w, 48);
    let v = v128.load(a);
    a0 = f32x4.add(a0, f32x4.mul(v, w0));
    a1 = f32x4.add(a1, f32x4.mul(v, w1));
    a2 = f32x4.add(a2, f32x4.mul(v, w2));
    a3 = f32x4.add(a3, f32x4.mul(v, w3));
    v = v128.load(b);
    b0 = f32x4.add(b0, f32x4.mul(v, w0));
    b1 = f32x4.add(b1, f32x4.mul(v, w1));
    b2 = f32x4.add(b2, f32x4.mul(v, w2));
    b3 = f32x4.add(b3, f32x4.mul(v, w3));
    v = v128.load(c);
    c0 = f32x4.add(c0, f32x4.mul(v, w0));
    c1 = f32x4.add(c1, f32x4.mul(v, w1));
    c2 = f32x4.add(c2, f32x4.mul(v, w2));
    c3 = f32x4.add(c3, f32x4.mul(v, w3));
    v = v128.load(d);
    d0 = f32x4.add(d0, f32x4.mul(v, w0));
    d1 = f32x4.add(d1, f32x4.mul(v, w1));
    d2 = f32x4.add(d2, f32x4.mul(v, w2));
    d3 = f32x4.add(d3, f32x4.mul(v, w3));
    a += 16;
    b += 16;
    c += 16;
    d += 16;
    w += stride;
  } while (a < end);
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, a2, 32);
  v128.store(out, a3, 48);
  v128.store(out, b0, 64);
  v128.store(out, b1, 80);
  v128.store(out, b2, 96);
  v128.store(out, b3, 112);
  v128.store(out, c0, 128);
  v128.store(out, c1, 144);
  v128.store(out, c2, 160);
  v128.store(out, c3, 176);
  v128.store(out, d0, 192);
  v128.store(out, d1, 208);
  v128.store(out, d2, 224);
  v128.store(out, d3, 240);
}

// z (4, outputs padded) at four outputs, of their sums (4, 4 outputs, 4 lanes).
function combine(sums: usize, bias: usize, z: usize, outputBytes: usize): void {
  const shift = v128.load(bias);
  for (const end = sums + 256; sums < end; sums += 64) {
    const sum = laneSums(v128.load(sums), v128.load(sums, 16), v128.load(sums, 32), v128.load(sums, 48));
    v128.store(z, f32x4.add(sum, shift));
    z += outputBytes;
  }
}

// z (8, outputs padded) of eight examples from a (8, from padded). scratch (4, 4, 4) float32.
export function affineOfEight(at: usize, a: usize, z: usize, scratch: usize): void {
  const inputBytes = <usize>paddedFrom(at) << 2;
  const outputBytes = <usize>paddedOutputs(at) << 2;
  if (!wide) {
    for (let i: usize = 0; i < 8; i++) affine(at, a + i * inputBytes, z + i * outputBytes);
    return;
  }
  let w = weights(at);
  for (let out: usize = 0; out < outputBytes; out += 16) {
    for (let half: usize = 0; half < 8; half += 4) {
      affineTile(a + half * inputBytes, inputBytes, w, outputBytes << 2, scratch);
      combine(scratch, biases(at) + out, z + half * outputBytes + out, outputBytes);
    }
    w += 64;
  }
}

// From the first layer's activations to the scores (the last layer's pre-activations).
export function forward(net: usize): void {
  const count = layers(net);
  for (let l = 1; l < count; l++) {
    const at = layer(net, l);
    affine(at, activations(layer(net, l - 1)), preactivations(at));
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
