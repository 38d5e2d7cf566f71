// src/model/objectives/squared-error-of-softmax.ts is its readable twin.

import { exponentials, indicator, laneSum, largestOf } from "./softmax";
import { squaredDistance } from "./squared-error";

// @ts-ignore: decorator
@unmanaged
export class SquaredErrorOfSoftmax {
  // @ts-ignore: decorator
  @inline
  get code(): i32 {
    return 2;
  }

  loss(scores: usize, end: usize, label: i32, scratch: usize): f64 {
    probabilities(scores, end, scratch);
    return squaredDistance(scratch, scratch + (end - scores), label);
  }

  // g = η (2 (p (q − Σ p q))) with q = p − onehot(label).
  step(scores: usize, end: usize, label: i32, eta: f32, g: usize): f64 {
    probabilities(scores, end, g);
    const last = g + (end - scores);
    const loss = squaredDistance(g, last, label);
    const four = i32x4.splat(4);
    let index = i32x4(0, 1, 2, 3);
    let sum = f32x4.splat(0.0);
    for (let at = g; at < last; at += 16) {
      const p = v128.load(at);
      sum = f32x4.add(sum, f32x4.mul(p, f32x4.sub(p, indicator(index, label))));
      index = i32x4.add(index, four);
    }
    const mean = laneSum(sum);
    const rate = f32x4.splat(eta);
    index = i32x4(0, 1, 2, 3);
    for (let at = g; at < last; at += 16) {
      const p = v128.load(at);
      const slope = f32x4.mul(p, f32x4.sub(f32x4.sub(p, indicator(index, label)), mean));
      v128.store(at, f32x4.mul(rate, f32x4.add(slope, slope)));
      index = i32x4.add(index, four);
    }
    return loss;
  }
}

// out = softmax(scores).
// @ts-ignore: decorator
@inline
function probabilities(scores: usize, end: usize, out: usize): void {
  const total = laneSum(exponentials(scores, end, largestOf(scores, end), out));
  for (const last = out + (end - scores); out < last; out += 16)
    v128.store(out, f32x4.div(v128.load(out), total));
}
