// src/model/optimizers/adam.ts is its readable twin. See sgd.ts on loads and constants.

import {
  epsilon,
  firstFloor,
  momentumFactor,
  restOfFirst,
  restOfSecond,
  secondFactor,
  secondFloor,
} from "../batches/batch-network";
import { flushed } from "./flush";

// g ← g + λw; m ← β₁m + (1 − β₁)g and v ← β₂v + (1 − β₂)g², 0 below their floors; w ← kept · w − rate · m / (√v · scale + ε).
export function adam(
  net: usize,
  w: usize,
  end: usize,
  g: usize,
  m: usize,
  v: usize,
  lambda: f32,
  kept: f32,
  rate: f32,
  scale: f32,
): void {
  if (lambda == 0.0) loop(false, net, w, end, g, m, v, lambda, kept, rate, scale);
  else loop(true, net, w, end, g, m, v, lambda, kept, rate, scale);
}

// @ts-ignore: decorator
@inline
function loop(
  regularized: bool,
  net: usize,
  w: usize,
  end: usize,
  g: usize,
  m: usize,
  v: usize,
  lambda: f32,
  kept: f32,
  rate: f32,
  scale: f32,
): void {
  const l = f32x4.splat(lambda);
  const k = f32x4.splat(kept);
  const r = f32x4.splat(rate);
  const s = f32x4.splat(scale);
  const beta1 = f32x4.splat(momentumFactor(net));
  const rest1 = f32x4.splat(restOfFirst(net));
  const beta2 = f32x4.splat(secondFactor(net));
  const rest2 = f32x4.splat(restOfSecond(net));
  const e = f32x4.splat(epsilon(net));
  const floor1 = f32x4.splat(firstFloor(net));
  const floor2 = f32x4.splat(secondFloor(net));
  for (; w < end; w += 32) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    let g0 = v128.load(g);
    let g1 = v128.load(g, 16);
    if (regularized) {
      g0 = f32x4.add(g0, f32x4.mul(l, w0));
      g1 = f32x4.add(g1, f32x4.mul(l, w1));
    }
    let m0 = v128.load(m);
    let m1 = v128.load(m, 16);
    m0 = flushed(f32x4.add(f32x4.mul(beta1, m0), f32x4.mul(rest1, g0)), floor1);
    m1 = flushed(f32x4.add(f32x4.mul(beta1, m1), f32x4.mul(rest1, g1)), floor1);
    let v0 = v128.load(v);
    let v1 = v128.load(v, 16);
    v0 = flushed(f32x4.add(f32x4.mul(beta2, v0), f32x4.mul(rest2, f32x4.mul(g0, g0))), floor2);
    v1 = flushed(f32x4.add(f32x4.mul(beta2, v1), f32x4.mul(rest2, f32x4.mul(g1, g1))), floor2);
    const spread0 = f32x4.add(f32x4.mul(f32x4.sqrt(v0), s), e);
    const spread1 = f32x4.add(f32x4.mul(f32x4.sqrt(v1), s), e);
    v128.store(m, m0);
    v128.store(m, m1, 16);
    v128.store(v, v0);
    v128.store(v, v1, 16);
    v128.store(w, f32x4.sub(f32x4.mul(k, w0), f32x4.div(f32x4.mul(r, m0), spread0)));
    v128.store(w, f32x4.sub(f32x4.mul(k, w1), f32x4.div(f32x4.mul(r, m1), spread1)), 16);
    g += 32;
    m += 32;
    v += 32;
  }
}
