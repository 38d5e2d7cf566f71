// src/model/objectives/squared-error.ts is its readable twin.

import { indicator, lastTwo } from "./softmax";

// @ts-ignore: decorator
@unmanaged
export class SquaredError {
  // @ts-ignore: decorator
  @inline
  get code(): i32 {
    return 1;
  }

  // g = η (2 (scores − onehot(label))).
  step(scores: usize, end: usize, label: i32, eta: f32, g: usize): f64 {
    const labels = i32x4.splat(label);
    let index = i32x4(0, 1, 2, 3);
    const rate = f32x4.splat(eta);
    for (let p = scores; p < end; p += 16) {
      const distance = f32x4.sub(v128.load(p), indicator(index, labels));
      v128.store(g, f32x4.mul(rate, f32x4.add(distance, distance)));
      index = i32x4.add(index, i32x4.splat(4));
      g += 16;
    }
    return squaredDistance(scores, end, label);
  }

  four(steps: bool, scores: usize, end: usize, labels: v128, eta: f32, losses: usize): void {
    squaredDistances(scores, end, labels, losses);
    if (!steps) return;
    let index = i32x4.splat(0);
    const rate = f32x4.splat(eta);
    for (let p = scores; p < end; p += 32) {
      const distance = f32x4.sub(v128.load(p), indicator(index, labels));
      v128.store(p, f32x4.mul(rate, f32x4.add(distance, distance)));
      index = i32x4.add(index, i32x4.splat(1));
    }
  }
}

// Σ_c (value_c − [c = label])² in float64, c ascending. Values that are there for padding alone must be 0.
export function squaredDistance(values: usize, end: usize, label: i32): f64 {
  const right = values + (<usize>label << 2);
  let sum: f64 = 0.0;
  for (; values < end; values += 4) {
    const distance = <f64>load<f32>(values) - (values == right ? 1.0 : 0.0);
    sum += distance * distance;
  }
  return sum;
}

// The same of four examples, whose values of a class lie side by side and those of the next 32 bytes on; sums (4) float64.
// @ts-ignore: decorator
@inline
export function squaredDistances(values: usize, end: usize, labels: v128, sums: usize): void {
  let index = i32x4.splat(0);
  let first = f64x2.splat(0.0);
  let last = f64x2.splat(0.0);
  for (; values < end; values += 32) {
    const value = v128.load(values);
    const right = indicator(index, labels);
    const one = f64x2.sub(f64x2.promote_low_f32x4(value), f64x2.promote_low_f32x4(right));
    const other = f64x2.sub(f64x2.promote_low_f32x4(lastTwo(value)), f64x2.promote_low_f32x4(lastTwo(right)));
    first = f64x2.add(first, f64x2.mul(one, one));
    last = f64x2.add(last, f64x2.mul(other, other));
    index = i32x4.add(index, i32x4.splat(1));
  }
  v128.store(sums, first);
  v128.store(sums, last, 16);
}
