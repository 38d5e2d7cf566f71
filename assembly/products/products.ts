// Two matrix products, tile by tile: all panels of eight outputs with all examples in groups of eight.

import { product4x8, updatePanel } from "./tiles";
import { product4x16, product8x8, updatePanels } from "./wide-tiles";

// Whether pairs of 128-bit operations are fused to 256 bits, so that twice as large tiles fit the registers. It
// changes no result: each of them is the same sum in the same order.
// @ts-ignore: decorator
@external("env", "wide")
export declare const wide: bool;

// out (panels, …, 8), of which a panel's `count` rows lie together and the next panel's outBytes on, = x (count, d) · w.
// x (⌈count / 8⌉, d padded, 8), w (panels, d padded, 8), both with groupBytes for eight. Every sum starts with what starts
// (panels, 8) has for its column. Rows up to the next multiple of eight are written too.
export function products(
  x: usize,
  w: usize,
  panels: i32,
  groupBytes: usize,
  d: i32,
  count: i32,
  starts: usize,
  out: usize,
  outBytes: usize,
): void {
  if (count == 1) return productsOfOne(x, w, panels, groupBytes, d, starts, out, outBytes);
  const pairs = wide ? panels & -2 : 0;
  for (let panel = 0; panel < pairs; panel += 2) {
    for (let quad = 0; quad < count; quad += 4)
      product4x16(quadOf(x, groupBytes, quad), w, groupBytes, d, starts, out + <usize>(quad << 5), outBytes);
    w += groupBytes << 1;
    starts += 64;
    out += outBytes << 1;
  }
  for (let panel = pairs; panel < panels; panel++) {
    if (wide) {
      let group = x;
      for (let row = 0; row < count; row += 8) {
        product8x8(group, w, d, starts, out + <usize>(row << 5));
        group += groupBytes;
      }
    } else {
      for (let quad = 0; quad < count; quad += 4)
        product4x8(quadOf(x, groupBytes, quad), w, d, starts, out + <usize>(quad << 5));
    }
    w += groupBytes;
    starts += 32;
    out += outBytes;
  }
}

// @ts-ignore: decorator
@inline
function quadOf(x: usize, groupBytes: usize, quad: i32): usize {
  return x + <usize>(quad >> 3) * groupBytes + <usize>((quad & 4) << 2);
}

// `products` of one example, which fills no tile: sums of two panels at a time, since each waits for its last addition. Of no
// inputs, too.
export function productsOfOne(
  x: usize,
  w: usize,
  panels: i32,
  groupBytes: usize,
  d: i32,
  starts: usize,
  out: usize,
  outBytes: usize,
): void {
  for (let panel = 0; panel < panels; panel += 2) {
    // The last panel of an odd number goes with itself.
    const other = panel + 1 < panels ? groupBytes : 0;
    const otherStarts = starts + (other ? 32 : 0);
    let sum0 = v128.load(starts);
    let sum1 = v128.load(starts, 16);
    let sum2 = v128.load(otherStarts);
    let sum3 = v128.load(otherStarts, 16);
    let v = w + other;
    let p = x;
    for (const end = w + <usize>(d << 5); w < end; w += 32) {
      const s = v128.load32_splat(p);
      sum0 = f32x4.add(sum0, f32x4.mul(s, v128.load(w)));
      sum1 = f32x4.add(sum1, f32x4.mul(s, v128.load(w, 16)));
      sum2 = f32x4.add(sum2, f32x4.mul(s, v128.load(v)));
      sum3 = f32x4.add(sum3, f32x4.mul(s, v128.load(v, 16)));
      p += 32;
      v += 32;
    }
    w += groupBytes - <usize>(d << 5) + other;
    starts += 64;
    v128.store(out, sum0);
    v128.store(out, sum1, 16);
    if (!other) return;
    v128.store(out + outBytes, sum2);
    v128.store(out + outBytes, sum3, 16);
    out += outBytes << 1;
  }
}

// w = start − Σ_i x_i g_i, i ascending over `count` examples. x and w as above; g (panels, …, 8), a panel's `count`
// rows together and the next panel's rowBytes on.
export function update(
  w: usize,
  x: usize,
  panels: i32,
  groupBytes: usize,
  g: usize,
  rowBytes: usize,
  count: i32,
  start: i32,
  scale: f32,
): void {
  const pairs = wide ? panels & -2 : 0;
  for (let panel = 0; panel < pairs; panel += 2) {
    updatePanels(w, groupBytes, x, g, rowBytes, count, start, scale);
    w += groupBytes << 1;
    g += rowBytes << 1;
  }
  for (let panel = pairs; panel < panels; panel++) {
    updatePanel(w, groupBytes, x, g, count, start, scale);
    w += groupBytes;
    g += rowBytes;
  }
}
