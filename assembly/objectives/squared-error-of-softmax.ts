// src/model/objectives/squared-error-of-softmax.ts is its readable twin.

import { exponentials, exponentialsOfFour, indicator, laneSum, largestOf, largestOfFour } from "./softmax";
import { squaredDistance, squaredDistances } from "./squared-error";

// @ts-ignore: decorator
@unmanaged
export class SquaredErrorOfSoftmax {
  // @ts-ignore: decorator
  @inline
  get code(): i32 {
    return 2;
  }

  // g = η (2 (p (q − Σ p q))) with q = p − onehot(label).
  step(scores: usize, end: usize, label: i32, eta: f32, g: usize): f64 {
    probabilities(scores, end, g);
    const last = g + (end - scores);
    const loss = squaredDistance(g, last, label);
    const labels = i32x4.splat(label);
    const four = i32x4.splat(4);
    let index = i32x4(0, 1, 2, 3);
    let sum = f32x4.splat(0.0);
    for (let at = g; at < last; at += 16) {
      const p = v128.load(at);
      sum = f32x4.add(sum, f32x4.mul(p, f32x4.sub(p, indicator(index, labels))));
      index = i32x4.add(index, four);
    }
    const mean = laneSum(sum);
    const rate = f32x4.splat(eta);
    index = i32x4(0, 1, 2, 3);
    for (let at = g; at < last; at += 16) {
      const p = v128.load(at);
      const slope = f32x4.mul(p, f32x4.sub(f32x4.sub(p, indicator(index, labels)), mean));
      v128.store(at, f32x4.mul(rate, f32x4.add(slope, slope)));
      index = i32x4.add(index, four);
    }
    return loss;
  }

  four(steps: bool, scores: usize, end: usize, labels: v128, eta: f32, losses: usize): void {
    const total = exponentialsOfFour(scores, end, largestOfFour(scores, end));
    for (let at = scores; at < end; at += 32) v128.store(at, f32x4.div(v128.load(at), total));
    squaredDistances(scores, end, labels, losses);
    if (!steps) return;
    const one = i32x4.splat(1);
    let index = i32x4.splat(0);
    let s0 = f32x4.splat(0.0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let at = scores; at < end; at += 32) {
      const p = v128.load(at);
      const s = f32x4.add(s0, f32x4.mul(p, f32x4.sub(p, indicator(index, labels))));
      s0 = s1;
      s1 = s2;
      s2 = s3;
      s3 = s;
      index = i32x4.add(index, one);
    }
    const mean = f32x4.add(f32x4.add(s0, s2), f32x4.add(s1, s3));
    const rate = f32x4.splat(eta);
    index = i32x4.splat(0);
    for (let at = scores; at < end; at += 32) {
      const p = v128.load(at);
      const slope = f32x4.mul(p, f32x4.sub(f32x4.sub(p, indicator(index, labels)), mean));
      v128.store(at, f32x4.mul(rate, f32x4.add(slope, slope)));
      index = i32x4.add(index, one);
    }
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
