// src/model/optimizers/momentum.ts is its readable twin.

import { flushed } from "./flush";

// 2⁻¹⁰⁰
export const VELOCITY_FLOOR: f32 = 7.888609052210118e-31;

// g ← g + λw; v ← μv + g; w ← w − rate · v, or with nesterov w − rate · (g + μv).
export function momentum(
  w: usize,
  end: usize,
  g: usize,
  v: usize,
  lambda: f32,
  mu: f32,
  rate: f32,
  nesterov: bool,
): void {
  if (lambda == 0.0) {
    if (nesterov) loop(false, true, w, end, g, v, lambda, mu, rate);
    else loop(false, false, w, end, g, v, lambda, mu, rate);
  } else {
    if (nesterov) loop(true, true, w, end, g, v, lambda, mu, rate);
    else loop(true, false, w, end, g, v, lambda, mu, rate);
  }
}

// @ts-ignore: decorator
@inline
function loop(
  regularized: bool,
  nesterov: bool,
  w: usize,
  end: usize,
  g: usize,
  v: usize,
  lambda: f32,
  mu: f32,
  rate: f32,
): void {
  const l = f32x4.splat(lambda);
  const m = f32x4.splat(mu);
  const r = f32x4.splat(rate);
  for (; w < end; w += 32) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    let g0 = v128.load(g);
    let g1 = v128.load(g, 16);
    if (regularized) {
      g0 = f32x4.add(g0, f32x4.mul(l, w0));
      g1 = f32x4.add(g1, f32x4.mul(l, w1));
    }
    const v0 = flushed(f32x4.add(f32x4.mul(m, v128.load(v)), g0), VELOCITY_FLOOR);
    const v1 = flushed(f32x4.add(f32x4.mul(m, v128.load(v, 16)), g1), VELOCITY_FLOOR);
    v128.store(v, v0);
    v128.store(v, v1, 16);
    const along0 = nesterov ? f32x4.add(g0, f32x4.mul(m, v0)) : v0;
    const along1 = nesterov ? f32x4.add(g1, f32x4.mul(m, v1)) : v1;
    v128.store(w, f32x4.sub(w0, f32x4.mul(r, along0)));
    v128.store(w, f32x4.sub(w1, f32x4.mul(r, along1)), 16);
    g += 32;
    v += 32;
  }
}
