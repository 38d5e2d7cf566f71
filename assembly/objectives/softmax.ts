// src/model/objectives/softmax.ts is its readable twin.

import { exp4 } from "../elementary";

// The largest score in all four lanes; a NaN is passed over unless it is the first.
// @ts-ignore: decorator
@inline
export function largestOf(scores: usize, end: usize): v128 {
  let m = v128.load(scores);
  for (let p = scores + 16; p < end; p += 16) m = f32x4.pmax(m, v128.load(p));
  m = f32x4.pmax(m, v128.shuffle<f32>(m, m, 2, 3, 0, 1));
  return f32x4.pmax(m, v128.shuffle<f32>(m, m, 1, 0, 3, 2));
}

// out = e^(score − largest); the sum of each lane.
// @ts-ignore: decorator
@inline
export function exponentials(scores: usize, end: usize, largest: v128, out: usize): v128 {
  let sum = f32x4.splat(0.0);
  for (let p = scores; p < end; p += 16) {
    const e = exp4(f32x4.sub(v128.load(p), largest));
    v128.store(out, e);
    sum = f32x4.add(sum, e);
    out += 16;
  }
  return sum;
}

// (l0 + l2) + (l1 + l3) in all four lanes.
// @ts-ignore: decorator
@inline
export function laneSum(sum: v128): v128 {
  const halves = f32x4.add(sum, v128.shuffle<f32>(sum, sum, 2, 3, 0, 1));
  return f32x4.add(halves, v128.shuffle<f32>(halves, halves, 1, 0, 3, 2));
}

// Of four scores from `index` on, 1 at the label and 0 else; or of one score of four examples.
// @ts-ignore: decorator
@inline
export function indicator(index: v128, label: v128): v128 {
  return v128.and(f32x4.splat(1.0), i32x4.eq(index, label));
}

// Of four examples, whose scores of a class lie side by side and those of the next 32 bytes on: the largest of each.
// @ts-ignore: decorator
@inline
export function largestOfFour(scores: usize, end: usize): v128 {
  let m = v128.load(scores);
  for (let p = scores + 32; p < end; p += 32) m = f32x4.pmax(m, v128.load(p));
  return m;
}

// Puts their e^(score − largest) in the place of the scores; the sum of each, made as `laneSum` makes it: sums of classes
// 0, 1, 2, 3 (mod 4) take turns.
// @ts-ignore: decorator
@inline
export function exponentialsOfFour(scores: usize, end: usize, largest: v128): v128 {
  let s0 = f32x4.splat(0.0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let p = scores; p < end; p += 32) {
    const e = exp4(f32x4.sub(v128.load(p), largest));
    v128.store(p, e);
    const s = f32x4.add(s0, e);
    s0 = s1;
    s1 = s2;
    s2 = s3;
    s3 = s;
  }
  return f32x4.add(f32x4.add(s0, s2), f32x4.add(s1, s3));
}

// The last two lanes in the place of the first two.
// @ts-ignore: decorator
@inline
export function lastTwo(four: v128): v128 {
  return v128.shuffle<f32>(four, four, 2, 3, 2, 3);
}
