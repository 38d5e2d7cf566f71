// src/model/objectives/cross-entropy.ts is its readable twin.

import { exp4, log } from "../elementary";

// @ts-ignore: decorator
@unmanaged
export class CrossEntropy {
  // @ts-ignore: decorator
  @inline
  get code(): i32 {
    return 0;
  }

  loss(scores: usize, end: usize, label: i32): f64 {
    const largest = largestOf(scores, end);
    let sum = f32x4.splat(0.0);
    for (let p = scores; p < end; p += 16)
      sum = f32x4.add(sum, exp4(f32x4.sub(v128.load(p), largest)));
    return lossOf(sum, largest, scores, label);
  }

  // g = η (softmax(scores) − onehot(label)).
  step(scores: usize, end: usize, label: i32, eta: f32, g: usize): f64 {
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
