// src/model/objectives/squared-error.ts is its readable twin.

import { indicator } from "./softmax";

// @ts-ignore: decorator
@unmanaged
export class SquaredError {
  // @ts-ignore: decorator
  @inline
  get code(): i32 {
    return 1;
  }

  loss(scores: usize, end: usize, label: i32, scratch: usize): f64 {
    return squaredDistance(scores, end, label);
  }

  // g = η (2 (scores − onehot(label))).
  step(scores: usize, end: usize, label: i32, eta: f32, g: usize): f64 {
    let index = i32x4(0, 1, 2, 3);
    const rate = f32x4.splat(eta);
    for (let p = scores; p < end; p += 16) {
      const distance = f32x4.sub(v128.load(p), indicator(index, label));
      v128.store(g, f32x4.mul(rate, f32x4.add(distance, distance)));
      index = i32x4.add(index, i32x4.splat(4));
      g += 16;
    }
    return squaredDistance(scores, end, label);
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
