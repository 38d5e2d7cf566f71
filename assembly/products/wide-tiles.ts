// The register-tiled products that fill 256-bit registers, where the engine fuses pairs of 128-bit operations: 4 × 16
// or 8 × 8 results in eight registers. With registers of 128 bits they would not fit. Same results as tiles.ts.

import { AFRESH, SCALED } from "./tiles";

// out (4, 8) and, outBytes on, out (4, 8) = x (4 examples, d) · w (d, 8) and the panel after it, panelBytes on; start (16).
// As `product4x8` in all else.
export function product4x16(
  x: usize,
  w: usize,
  panelBytes: usize,
  d: i32,
  start: usize,
  out: usize,
  outBytes: usize,
): void {
  let a0 = v128.load(start);
  let a1 = v128.load(start, 16);
  let a2 = v128.load(start, 32);
  let a3 = v128.load(start, 48);
  let b0 = a0;
  let b1 = a1;
  let b2 = a2;
  let b3 = a3;
  let c0 = a0;
  let c1 = a1;
  let c2 = a2;
  let c3 = a3;
  let d0 = a0;
  let d1 = a1;
  let d2 = a2;
  let d3 = a3;
  let v = w + panelBytes;
  const end = w + (<usize>d << 5);
  do {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    const w2 = v128.load(v);
    const w3 = v128.load(v, 16);
    let s = v128.load32_splat(x);
    a0 = f32x4.add(a0, f32x4.mul(s, w0));
    a1 = f32x4.add(a1, f32x4.mul(s, w1));
    a2 = f32x4.add(a2, f32x4.mul(s, w2));
    a3 = f32x4.add(a3, f32x4.mul(s, w3));
    s = v128.load32_splat(x, 4);
    b0 = f32x4.add(b0, f32x4.mul(s, w0));
    b1 = f32x4.add(b1, f32x4.mul(s, w1));
    b2 = f32x4.add(b2, f32x4.mul(s, w2));
    b3 = f32x4.add(b3, f32x4.mul(s, w3));
    s = v128.load32_splat(x, 8);
    c0 = f32x4.add(c0, f32x4.mul(s, w0));
    c1 = f32x4.add(c1, f32x4.mul(s, w1));
    c2 = f32x4.add(c2, f32x4.mul(s, w2));
    c3 = f32x4.add(c3, f32x4.mul(s, w3));
    s = v128.load32_splat(x, 12);
    d0 = f32x4.add(d0, f32x4.mul(s, w0));
    d1 = f32x4.add(d1, f32x4.mul(s, w1));
    d2 = f32x4.add(d2, f32x4.mul(s, w2));
    d3 = f32x4.add(d3, f32x4.mul(s, w3));
    x += 32;
    w += 32;
    v += 32;
  } while (w < end);
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, b0, 32);
  v128.store(out, b1, 48);
  v128.store(out, c0, 64);
  v128.store(out, c1, 80);
  v128.store(out, d0, 96);
  v128.store(out, d1, 112);
  out += outBytes;
  v128.store(out, a2);
  v128.store(out, a3, 16);
  v128.store(out, b2, 32);
  v128.store(out, b3, 48);
  v128.store(out, c2, 64);
  v128.store(out, c3, 80);
  v128.store(out, d2, 96);
  v128.store(out, d3, 112);
}

// out (8, 8) = x (8 examples, d) · w (d, 8); as `product4x8` in all else.
export function product8x8(x: usize, w: usize, d: i32, start: usize, out: usize): void {
  let a0 = v128.load(start);
  let a1 = v128.load(start, 16);
  let b0 = a0;
  let b1 = a1;
  let c0 = a0;
  let c1 = a1;
  let d0 = a0;
  let d1 = a1;
  let e0 = a0;
  let e1 = a1;
  let f0 = a0;
  let f1 = a1;
  let g0 = a0;
  let g1 = a1;
  let h0 = a0;
  let h1 = a1;
  const end = w + (<usize>d << 5);
  do {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    let s = v128.load32_splat(x);
    a0 = f32x4.add(a0, f32x4.mul(s, w0));
    a1 = f32x4.add(a1, f32x4.mul(s, w1));
    s = v128.load32_splat(x, 4);
    b0 = f32x4.add(b0, f32x4.mul(s, w0));
    b1 = f32x4.add(b1, f32x4.mul(s, w1));
    s = v128.load32_splat(x, 8);
    c0 = f32x4.add(c0, f32x4.mul(s, w0));
    c1 = f32x4.add(c1, f32x4.mul(s, w1));
    s = v128.load32_splat(x, 12);
    d0 = f32x4.add(d0, f32x4.mul(s, w0));
    d1 = f32x4.add(d1, f32x4.mul(s, w1));
    s = v128.load32_splat(x, 16);
    e0 = f32x4.add(e0, f32x4.mul(s, w0));
    e1 = f32x4.add(e1, f32x4.mul(s, w1));
    s = v128.load32_splat(x, 20);
    f0 = f32x4.add(f0, f32x4.mul(s, w0));
    f1 = f32x4.add(f1, f32x4.mul(s, w1));
    s = v128.load32_splat(x, 24);
    g0 = f32x4.add(g0, f32x4.mul(s, w0));
    g1 = f32x4.add(g1, f32x4.mul(s, w1));
    s = v128.load32_splat(x, 28);
    h0 = f32x4.add(h0, f32x4.mul(s, w0));
    h1 = f32x4.add(h1, f32x4.mul(s, w1));
    x += 32;
    w += 32;
  } while (w < end);
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, b0, 32);
  v128.store(out, b1, 48);
  v128.store(out, c0, 64);
  v128.store(out, c1, 80);
  v128.store(out, d0, 96);
  v128.store(out, d1, 112);
  v128.store(out, e0, 128);
  v128.store(out, e1, 144);
  v128.store(out, f0, 160);
  v128.store(out, f1, 176);
  v128.store(out, g0, 192);
  v128.store(out, g1, 208);
  v128.store(out, h0, 224);
  v128.store(out, h1, 240);
}

// `updatePanel` of w and of the panel after it, whose gradients lie rowBytes behind the first's.
export function updatePanels(
  w: usize,
  bytes: usize,
  x: usize,
  g: usize,
  rowBytes: usize,
  count: i32,
  start: i32,
  scale: f32,
): void {
  const stop = w + bytes;
  const end = g + (<usize>count << 5);
  let v = stop;
  do {
    let a0 = v128.load(w);
    let a1 = v128.load(w, 16);
    let a2 = v128.load(v);
    let a3 = v128.load(v, 16);
    let b0 = v128.load(w, 32);
    let b1 = v128.load(w, 48);
    let b2 = v128.load(v, 32);
    let b3 = v128.load(v, 48);
    let c0 = v128.load(w, 64);
    let c1 = v128.load(w, 80);
    let c2 = v128.load(v, 64);
    let c3 = v128.load(v, 80);
    let d0 = v128.load(w, 96);
    let d1 = v128.load(w, 112);
    let d2 = v128.load(v, 96);
    let d3 = v128.load(v, 112);
    if (start == SCALED) {
      const f = f32x4.splat(scale);
      a0 = f32x4.mul(a0, f);
      a1 = f32x4.mul(a1, f);
      a2 = f32x4.mul(a2, f);
      a3 = f32x4.mul(a3, f);
      b0 = f32x4.mul(b0, f);
      b1 = f32x4.mul(b1, f);
      b2 = f32x4.mul(b2, f);
      b3 = f32x4.mul(b3, f);
      c0 = f32x4.mul(c0, f);
      c1 = f32x4.mul(c1, f);
      c2 = f32x4.mul(c2, f);
      c3 = f32x4.mul(c3, f);
      d0 = f32x4.mul(d0, f);
      d1 = f32x4.mul(d1, f);
      d2 = f32x4.mul(d2, f);
      d3 = f32x4.mul(d3, f);
    } else if (start == AFRESH) {
      a0 = f32x4.splat(0.0);
      a1 = a0;
      a2 = a0;
      a3 = a0;
      b0 = a0;
      b1 = a0;
      b2 = a0;
      b3 = a0;
      c0 = a0;
      c1 = a0;
      c2 = a0;
      c3 = a0;
      d0 = a0;
      d1 = a0;
      d2 = a0;
      d3 = a0;
    }
    let group = x;
    let row = g;
    let other = g + rowBytes;
    do {
      const last = min(end, row + 256);
      const exit = last - 32;
      let p = group;
      do {
        let g0 = v128.load(row);
        let g1 = v128.load(row, 16);
        let g2 = v128.load(other);
        let g3 = v128.load(other, 16);
        let s = v128.load32_splat(p);
        a0 = f32x4.sub(a0, f32x4.mul(s, g0));
        a1 = f32x4.sub(a1, f32x4.mul(s, g1));
        a2 = f32x4.sub(a2, f32x4.mul(s, g2));
        a3 = f32x4.sub(a3, f32x4.mul(s, g3));
        s = v128.load32_splat(p, 32);
        b0 = f32x4.sub(b0, f32x4.mul(s, g0));
        b1 = f32x4.sub(b1, f32x4.mul(s, g1));
        b2 = f32x4.sub(b2, f32x4.mul(s, g2));
        b3 = f32x4.sub(b3, f32x4.mul(s, g3));
        s = v128.load32_splat(p, 64);
        c0 = f32x4.sub(c0, f32x4.mul(s, g0));
        c1 = f32x4.sub(c1, f32x4.mul(s, g1));
        c2 = f32x4.sub(c2, f32x4.mul(s, g2));
        c3 = f32x4.sub(c3, f32x4.mul(s, g3));
        s = v128.load32_splat(p, 96);
        d0 = f32x4.sub(d0, f32x4.mul(s, g0));
        d1 = f32x4.sub(d1, f32x4.mul(s, g1));
        d2 = f32x4.sub(d2, f32x4.mul(s, g2));
        d3 = f32x4.sub(d3, f32x4.mul(s, g3));
        if (row == exit) {
          row += 32;
          break;
        }
        g0 = v128.load(row, 32);
        g1 = v128.load(row, 48);
        g2 = v128.load(other, 32);
        g3 = v128.load(other, 48);
        s = v128.load32_splat(p, 4);
        a0 = f32x4.sub(a0, f32x4.mul(s, g0));
        a1 = f32x4.sub(a1, f32x4.mul(s, g1));
        a2 = f32x4.sub(a2, f32x4.mul(s, g2));
        a3 = f32x4.sub(a3, f32x4.mul(s, g3));
        s = v128.load32_splat(p, 36);
        b0 = f32x4.sub(b0, f32x4.mul(s, g0));
        b1 = f32x4.sub(b1, f32x4.mul(s, g1));
        b2 = f32x4.sub(b2, f32x4.mul(s, g2));
        b3 = f32x4.sub(b3, f32x4.mul(s, g3));
        s = v128.load32_splat(p, 68);
        c0 = f32x4.sub(c0, f32x4.mul(s, g0));
        c1 = f32x4.sub(c1, f32x4.mul(s, g1));
        c2 = f32x4.sub(c2, f32x4.mul(s, g2));
        c3 = f32x4.sub(c3, f32x4.mul(s, g3));
        s = v128.load32_splat(p, 100);
        d0 = f32x4.sub(d0, f32x4.mul(s, g0));
        d1 = f32x4.sub(d1, f32x4.mul(s, g1));
        d2 = f32x4.sub(d2, f32x4.mul(s, g2));
        d3 = f32x4.sub(d3, f32x4.mul(s, g3));
        p += 8;
        row += 64;
        other += 64;
      } while (row < last);
      group += bytes;
    } while (row < end);
    v128.store(w, a0);
    v128.store(w, a1, 16);
    v128.store(v, a2);
    v128.store(v, a3, 16);
    v128.store(w, b0, 32);
    v128.store(w, b1, 48);
    v128.store(v, b2, 32);
    v128.store(v, b3, 48);
    v128.store(w, c0, 64);
    v128.store(w, c1, 80);
    v128.store(v, c2, 64);
    v128.store(v, c3, 80);
    v128.store(w, d0, 96);
    v128.store(w, d1, 112);
    v128.store(v, d2, 96);
    v128.store(v, d3, 112);
    x += 128;
    w += 128;
    v += 128;
  } while (w < stop);
}
