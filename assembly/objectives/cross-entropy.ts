// src/model/objectives/cross-entropy.ts is its readable twin.

import { exp4, log } from "../elementary";
import { exponentials, indicator, laneSum, largestOf } from "./softmax";

// @ts-ignore: decorator
@unmanaged
export class CrossEntropy {
  // @ts-ignore: decorator
  @inline
  get code(): i32 {
    return 0;
  }

  loss(scores: usize, end: usize, label: i32, scratch: usize): f64 {
    const largest = largestOf(scores, end);
    let sum = f32x4.splat(0.0);
    for (let p = scores; p < end; p += 16)
      sum = f32x4.add(sum, exp4(f32x4.sub(v128.load(p), largest)));
    return lossOf(sum, largest, scores, label);
  }

  // g = η (softmax(scores) − onehot(label)).
  step(scores: usize, end: usize, label: i32, eta: f32, g: usize): f64 {
    const largest = largestOf(scores, end);
    const sum = exponentials(scores, end, largest, g);
    const total = laneSum(sum);
    let index = i32x4(0, 1, 2, 3);
    const rate = f32x4.splat(eta);
    for (let out = g; out < g + (end - scores); out += 16) {
      const p = f32x4.div(v128.load(out), total);
      v128.store(out, f32x4.mul(rate, f32x4.sub(p, indicator(index, label))));
      index = i32x4.add(index, i32x4.splat(4));
    }
    return lossOf(sum, largest, scores, label);
  }
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
