// The first layer during a block of steps: its weights stay as they were at the block's start, and what the block's earlier
// steps did to them is added where it is needed. docs/numerics.md derives it.

import {
  blockInputs,
  blockSize,
  coefficients,
  gradients,
  gram,
  inputs,
  layer,
  paddedInputs,
  paddedOutputs,
  zeros,
} from "./network";
import { products } from "./products/products";

// Inner products of the block's inputs, as far as a step needs earlier ones: products with the block's own groups
// in the place of weights.
export function innerProducts(net: usize, count: i32): void {
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
export function innerProduct(net: usize, i: i32, j: i32): f32 {
  const row = (j >> 3) * blockSize(net) + i;
  return load<f32>(gram(net) + <usize>((row << 5) + ((j & 7) << 2)));
}

// Products of the block's examples with a matrix as large as W₁, in panels; out (panels, B, 8).
export function blockTimes(net: usize, matrix: usize, count: i32, out: usize): void {
  products(
    blockInputs(net),
    matrix,
    paddedOutputs(layer(net, 0)) >> 3,
    <usize>(paddedInputs(net) << 5),
    inputs(net),
    count,
    zeros(net),
    out,
    <usize>(blockSize(net) << 5),
  );
}

// out (panels, 8), outBytes apart: start − Σ_j coefficient_j g_j over the block's first `earlier` examples, j ascending. Start is
// scale · z + b or, where there are two products, (scale · z + otherScale · other) + b; each of them (panels, B, 8) at the row
// of the example.
// @ts-ignore: decorator
@inline
export function subtractEarlier(
  net: usize,
  earlier: i32,
  z: usize,
  scale: v128,
  two: bool,
  other: usize,
  otherScale: v128,
  b: usize,
  out: usize,
  outBytes: usize,
): void {
  const rowBytes = <usize>(blockSize(net) << 5);
  const row = coefficients(net);
  const lastCoefficient = row + <usize>(earlier << 2);
  let start = gradients(net);
  const end = out + <usize>(paddedOutputs(layer(net, 0)) >> 3) * outBytes;
  for (; out < end; out += outBytes) {
    let z0 = f32x4.mul(scale, v128.load(z));
    let z1 = f32x4.mul(scale, v128.load(z, 16));
    if (two) {
      z0 = f32x4.add(z0, f32x4.mul(otherScale, v128.load(other)));
      z1 = f32x4.add(z1, f32x4.mul(otherScale, v128.load(other, 16)));
      other += rowBytes;
    }
    z0 = f32x4.add(z0, v128.load(b));
    z1 = f32x4.add(z1, v128.load(b, 16));
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
}

// Keeps the gradients of `count` examples, the block's from row `at` on, for its later steps and its end; from (panels, …, 8)
// with fromBytes for a panel.
export function keepGradients(net: usize, at: i32, count: i32, from: usize, fromBytes: usize): void {
  const rowBytes = <usize>(blockSize(net) << 5);
  let to = gradients(net) + <usize>(at << 5);
  for (let panel = 0; panel < paddedOutputs(layer(net, 0)) >> 3; panel++) {
    for (let p: usize = 0; p < <usize>(count << 5); p += 32) {
      v128.store(to + p, v128.load(from + p));
      v128.store(to + p, v128.load(from + p, 16), 16);
    }
    from += fromBytes;
    to += rowBytes;
  }
}

// out (panels, B, 8): each of the block's gradients times its coefficient.
export function scaleGradients(net: usize, count: i32, out: usize): void {
  const rowBytes = <usize>(blockSize(net) << 5);
  let g = gradients(net);
  for (let panel = 0; panel < paddedOutputs(layer(net, 0)) >> 3; panel++) {
    for (let j = 0; j < count; j++) {
      const factor = v128.load32_splat(coefficients(net) + <usize>(j << 2));
      const p = <usize>(j << 5);
      v128.store(out + p, f32x4.mul(factor, v128.load(g + p)));
      v128.store(out + p, f32x4.mul(factor, v128.load(g + p, 16)), 16);
    }
    g += rowBytes;
    out += rowBytes;
  }
}
