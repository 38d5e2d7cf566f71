// The end of a block with momentum, both of W's and V's sums at a time: 4 × 8 results of each in eight registers of 256 bits.

import { flushed } from "../optimizers/flush";

// Offsets in a row of momentum's powers (batch-network.ts).
export const P = 0;
export const Q = 4;
export const R = 8;
export const S = 12;

// w (d, 8) = (p w + q v) − Σ_i x_i g_i and v (d, 8) = (r w + s v) − Σ_i x_i h_i, 0 below `floor`; i ascending over `count` examples; d is
// a multiple of four, and `bytes` those of w. x (⌈count / 8⌉, d, 8), g and h (count, 8).
export function momentumPanel(
  w: usize,
  v: usize,
  bytes: usize,
  x: usize,
  g: usize,
  h: usize,
  count: i32,
  powers: usize,
  floor: f32,
): void {
  const stop = w + bytes;
  const end = g + (<usize>count << 5);
  const p = v128.load32_splat(powers, P);
  const q = v128.load32_splat(powers, Q);
  const r = v128.load32_splat(powers, R);
  const s = v128.load32_splat(powers, S);
  const least = f32x4.splat(floor);
  do {
    const wa0 = v128.load(w);
    const wa1 = v128.load(w, 16);
    const va0 = v128.load(v);
    const va1 = v128.load(v, 16);
    let a0 = f32x4.add(f32x4.mul(p, wa0), f32x4.mul(q, va0));
    let a1 = f32x4.add(f32x4.mul(p, wa1), f32x4.mul(q, va1));
    let a2 = f32x4.add(f32x4.mul(r, wa0), f32x4.mul(s, va0));
    let a3 = f32x4.add(f32x4.mul(r, wa1), f32x4.mul(s, va1));
    const wb0 = v128.load(w, 32);
    const wb1 = v128.load(w, 48);
    const vb0 = v128.load(v, 32);
    const vb1 = v128.load(v, 48);
    let b0 = f32x4.add(f32x4.mul(p, wb0), f32x4.mul(q, vb0));
    let b1 = f32x4.add(f32x4.mul(p, wb1), f32x4.mul(q, vb1));
    let b2 = f32x4.add(f32x4.mul(r, wb0), f32x4.mul(s, vb0));
    let b3 = f32x4.add(f32x4.mul(r, wb1), f32x4.mul(s, vb1));
    const wc0 = v128.load(w, 64);
    const wc1 = v128.load(w, 80);
    const vc0 = v128.load(v, 64);
    const vc1 = v128.load(v, 80);
    let c0 = f32x4.add(f32x4.mul(p, wc0), f32x4.mul(q, vc0));
    let c1 = f32x4.add(f32x4.mul(p, wc1), f32x4.mul(q, vc1));
    let c2 = f32x4.add(f32x4.mul(r, wc0), f32x4.mul(s, vc0));
    let c3 = f32x4.add(f32x4.mul(r, wc1), f32x4.mul(s, vc1));
    const wd0 = v128.load(w, 96);
    const wd1 = v128.load(w, 112);
    const vd0 = v128.load(v, 96);
    const vd1 = v128.load(v, 112);
    let d0 = f32x4.add(f32x4.mul(p, wd0), f32x4.mul(q, vd0));
    let d1 = f32x4.add(f32x4.mul(p, wd1), f32x4.mul(q, vd1));
    let d2 = f32x4.add(f32x4.mul(r, wd0), f32x4.mul(s, vd0));
    let d3 = f32x4.add(f32x4.mul(r, wd1), f32x4.mul(s, vd1));
    let group = x;
    let row = g;
    let other = h;
    do {
      const last = min(end, row + 256);
      const exit = last - 32;
      let from = group;
      do {
        let g0 = v128.load(row);
        let g1 = v128.load(row, 16);
        let h0 = v128.load(other);
        let h1 = v128.load(other, 16);
        let f = v128.load32_splat(from);
        a0 = f32x4.sub(a0, f32x4.mul(f, g0));
        a1 = f32x4.sub(a1, f32x4.mul(f, g1));
        a2 = f32x4.sub(a2, f32x4.mul(f, h0));
        a3 = f32x4.sub(a3, f32x4.mul(f, h1));
        f = v128.load32_splat(from, 32);
        b0 = f32x4.sub(b0, f32x4.mul(f, g0));
        b1 = f32x4.sub(b1, f32x4.mul(f, g1));
        b2 = f32x4.sub(b2, f32x4.mul(f, h0));
        b3 = f32x4.sub(b3, f32x4.mul(f, h1));
        f = v128.load32_splat(from, 64);
        c0 = f32x4.sub(c0, f32x4.mul(f, g0));
        c1 = f32x4.sub(c1, f32x4.mul(f, g1));
        c2 = f32x4.sub(c2, f32x4.mul(f, h0));
        c3 = f32x4.sub(c3, f32x4.mul(f, h1));
        f = v128.load32_splat(from, 96);
        d0 = f32x4.sub(d0, f32x4.mul(f, g0));
        d1 = f32x4.sub(d1, f32x4.mul(f, g1));
        d2 = f32x4.sub(d2, f32x4.mul(f, h0));
        d3 = f32x4.sub(d3, f32x4.mul(f, h1));
        if (row == exit) {
          row += 32;
          other += 32;
          break;
        }
        g0 = v128.load(row, 32);
        g1 = v128.load(row, 48);
        h0 = v128.load(other, 32);
        h1 = v128.load(other, 48);
        f = v128.load32_splat(from, 4);
        a0 = f32x4.sub(a0, f32x4.mul(f, g0));
        a1 = f32x4.sub(a1, f32x4.mul(f, g1));
        a2 = f32x4.sub(a2, f32x4.mul(f, h0));
        a3 = f32x4.sub(a3, f32x4.mul(f, h1));
        f = v128.load32_splat(from, 36);
        b0 = f32x4.sub(b0, f32x4.mul(f, g0));
        b1 = f32x4.sub(b1, f32x4.mul(f, g1));
        b2 = f32x4.sub(b2, f32x4.mul(f, h0));
        b3 = f32x4.sub(b3, f32x4.mul(f, h1));
        f = v128.load32_splat(from, 68);
        c0 = f32x4.sub(c0, f32x4.mul(f, g0));
        c1 = f32x4.sub(c1, f32x4.mul(f, g1));
        c2 = f32x4.sub(c2, f32x4.mul(f, h0));
        c3 = f32x4.sub(c3, f32x4.mul(f, h1));
        f = v128.load32_splat(from, 100);
        d0 = f32x4.sub(d0, f32x4.mul(f, g0));
        d1 = f32x4.sub(d1, f32x4.mul(f, g1));
        d2 = f32x4.sub(d2, f32x4.mul(f, h0));
        d3 = f32x4.sub(d3, f32x4.mul(f, h1));
        from += 8;
        row += 64;
        other += 64;
      } while (row < last);
      group += bytes;
    } while (row < end);
    v128.store(w, a0);
    v128.store(w, a1, 16);
    v128.store(w, b0, 32);
    v128.store(w, b1, 48);
    v128.store(w, c0, 64);
    v128.store(w, c1, 80);
    v128.store(w, d0, 96);
    v128.store(w, d1, 112);
    a2 = flushed(a2, least);
    a3 = flushed(a3, least);
    v128.store(v, a2);
    v128.store(v, a3, 16);
    b2 = flushed(b2, least);
    b3 = flushed(b3, least);
    v128.store(v, b2, 32);
    v128.store(v, b3, 48);
    c2 = flushed(c2, least);
    c3 = flushed(c3, least);
    v128.store(v, c2, 64);
    v128.store(v, c3, 80);
    d2 = flushed(d2, least);
    d3 = flushed(d3, least);
    v128.store(v, d2, 96);
    v128.store(v, d3, 112);
    x += 128;
    w += 128;
    v += 128;
  } while (w < stop);
}
