// src/model/optimizers/adam.ts is its readable twin.

import { flushed } from "./flush";

// 2⁻¹⁰⁰ and 2⁻¹²⁰
const FIRST_FLOOR: f32 = 7.888609052210118e-31;
const SECOND_FLOOR: f32 = 7.52316384526264e-37;

// g ← g + λw; m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; w ← kept · w − rate · m / (√v · scale + ε).
export function adam(
  w: usize,
  end: usize,
  g: usize,
  m: usize,
  v: usize,
  lambda: f32,
  kept: f32,
  rate: f32,
  scale: f32,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  epsilon: f32,
): void {
  const regularized = lambda != 0.0;
  for (; w < end; w += 32) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    let g0 = v128.load(g);
    let g1 = v128.load(g, 16);
    if (regularized) {
      const l = f32x4.splat(lambda);
      g0 = f32x4.add(g0, f32x4.mul(l, w0));
      g1 = f32x4.add(g1, f32x4.mul(l, w1));
    }
    const m0 = flushed(mix(beta1, v128.load(m), rest1, g0), FIRST_FLOOR);
    const m1 = flushed(mix(beta1, v128.load(m, 16), rest1, g1), FIRST_FLOOR);
    v128.store(m, m0);
    v128.store(m, m1, 16);
    const v0 = flushed(mix(beta2, v128.load(v), rest2, f32x4.mul(g0, g0)), SECOND_FLOOR);
    const v1 = flushed(mix(beta2, v128.load(v, 16), rest2, f32x4.mul(g1, g1)), SECOND_FLOOR);
    v128.store(v, v0);
    v128.store(v, v1, 16);
    const r = f32x4.splat(rate);
    const k = f32x4.splat(kept);
    const s = f32x4.splat(scale);
    const e = f32x4.splat(epsilon);
    const spread0 = f32x4.add(f32x4.mul(f32x4.sqrt(v0), s), e);
    const spread1 = f32x4.add(f32x4.mul(f32x4.sqrt(v1), s), e);
    v128.store(w, f32x4.sub(f32x4.mul(k, w0), f32x4.div(f32x4.mul(r, m0), spread0)));
    v128.store(w, f32x4.sub(f32x4.mul(k, w1), f32x4.div(f32x4.mul(r, m1), spread1)), 16);
    g += 32;
    m += 32;
    v += 32;
  }
}

// @ts-ignore: decorator
@inline
function mix(beta: f32, old: v128, rest: f32, fresh: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.splat(beta), old), f32x4.mul(f32x4.splat(rest), fresh));
}
