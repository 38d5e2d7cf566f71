// src/model/objectives/cross-entropy.ts is its readable twin.

import { log, logs } from "../elementary";
import { exponentials, exponentialsOfFour, indicator, laneSum, largestOf, largestOfFour, lastTwo } from "./softmax";

// @ts-ignore: decorator
@unmanaged
export class CrossEntropy {
  // @ts-ignore: decorator
  @inline
  get code(): i32 {
    return 0;
  }

  // g = η (softmax(scores) − onehot(label)).
  step(scores: usize, end: usize, label: i32, eta: f32, g: usize): f64 {
    const largest = largestOf(scores, end);
    const total = laneSum(exponentials(scores, end, largest, g));
    const labels = i32x4.splat(label);
    let index = i32x4(0, 1, 2, 3);
    const rate = f32x4.splat(eta);
    for (let out = g; out < g + (end - scores); out += 16) {
      const p = f32x4.div(v128.load(out), total);
      v128.store(out, f32x4.mul(rate, f32x4.sub(p, indicator(index, labels))));
      index = i32x4.add(index, i32x4.splat(4));
    }
    const right = <f64>load<f32>(scores + (<usize>label << 2));
    return log(<f64>f32x4.extract_lane(total, 0)) - (right - <f64>f32x4.extract_lane(largest, 0));
  }

  four(steps: bool, scores: usize, end: usize, labels: v128, eta: f32, losses: usize): void {
    const largest = largestOfFour(scores, end);
    const one = i32x4.splat(1);
    let index = i32x4.splat(0);
    let right = index;
    for (let p = scores; p < end; p += 32) {
      right = v128.bitselect(v128.load(p), right, i32x4.eq(index, labels));
      index = i32x4.add(index, one);
    }
    const total = exponentialsOfFour(scores, end, largest);
    v128.store(losses, lossesOf(total, right, largest));
    v128.store(losses, lossesOf(lastTwo(total), lastTwo(right), lastTwo(largest)), 16);
    if (!steps) return;
    const rate = f32x4.splat(eta);
    index = i32x4.splat(0);
    for (let p = scores; p < end; p += 32) {
      const probability = f32x4.div(v128.load(p), total);
      v128.store(p, f32x4.mul(rate, f32x4.sub(probability, indicator(index, labels))));
      index = i32x4.add(index, one);
    }
  }
}

// Of the first two lanes: log(total) − (right − largest).
// @ts-ignore: decorator
@inline
function lossesOf(total: v128, right: v128, largest: v128): v128 {
  const below = f64x2.sub(f64x2.promote_low_f32x4(right), f64x2.promote_low_f32x4(largest));
  return f64x2.sub(logs(f64x2.promote_low_f32x4(total)), below);
}
