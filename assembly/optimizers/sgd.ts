// SGD without and with momentum; src/model/optimizers/sgd.ts and momentum.ts are its readable twins.
//
// Loads come before stores, and what is the same in all lanes is no constant: else V8 does not fuse to 256 bits.

import { flushed } from "./flush";

// w ← kept · w − factor · g
export function plain(w: usize, end: usize, g: usize, kept: f32, factor: f32): void {
  const k = f32x4.splat(kept);
  const f = f32x4.splat(factor);
  for (; w < end; w += 32) {
    const w0 = f32x4.mul(k, v128.load(w));
    const w1 = f32x4.mul(k, v128.load(w, 16));
    const g0 = f32x4.mul(f, v128.load(g));
    const g1 = f32x4.mul(f, v128.load(g, 16));
    v128.store(w, f32x4.sub(w0, g0));
    v128.store(w, f32x4.sub(w1, g1), 16);
    g += 32;
  }
}

// g ← g + λw; v ← μv + g, 0 below `floor`; w ← w − rate · v, or with nesterov w − rate · (g + μv).
export function momentum(
  w: usize,
  end: usize,
  g: usize,
  v: usize,
  lambda: f32,
  mu: f32,
  rate: f32,
  floor: f32,
  nesterov: bool,
): void {
  if (lambda == 0.0) {
    if (nesterov) loop(false, true, w, end, g, v, lambda, mu, rate, floor);
    else loop(false, false, w, end, g, v, lambda, mu, rate, floor);
  } else {
    if (nesterov) loop(true, true, w, end, g, v, lambda, mu, rate, floor);
    else loop(true, false, w, end, g, v, lambda, mu, rate, floor);
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
  floor: f32,
): void {
  const l = f32x4.splat(lambda);
  const m = f32x4.splat(mu);
  const r = f32x4.splat(rate);
  const least = f32x4.splat(floor);
  for (; w < end; w += 32) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    let g0 = v128.load(g);
    let g1 = v128.load(g, 16);
    if (regularized) {
      g0 = f32x4.add(g0, f32x4.mul(l, w0));
      g1 = f32x4.add(g1, f32x4.mul(l, w1));
    }
    let v0 = v128.load(v);
    let v1 = v128.load(v, 16);
    v0 = flushed(f32x4.add(f32x4.mul(m, v0), g0), least);
    v1 = flushed(f32x4.add(f32x4.mul(m, v1), g1), least);
    const along0 = nesterov ? f32x4.add(g0, f32x4.mul(m, v0)) : v0;
    const along1 = nesterov ? f32x4.add(g1, f32x4.mul(m, v1)) : v1;
    v128.store(v, v0);
    v128.store(v, v1, 16);
    v128.store(w, f32x4.sub(w0, f32x4.mul(r, along0)));
    v128.store(w, f32x4.sub(w1, f32x4.mul(r, along1)), 16);
    g += 32;
    v += 32;
  }
}
