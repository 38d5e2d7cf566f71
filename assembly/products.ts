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

// out (panels, 8) = Σ_k x_k w_k over the first `count` of the inputs, k ascending from zero; x one example in a group of
// eight, w (panels, d padded, 8) with groupBytes for a panel.
export function beginnings(
  x: usize,
  w: usize,
  panels: i32,
  groupBytes: usize,
  count: i32,
  out: usize,
): void {
  for (let panel = 0; panel < panels; panel++) {
    let sum0 = f32x4.splat(0.0);
    let sum1 = f32x4.splat(0.0);
    for (let k: usize = 0; k < <usize>count << 5; k += 32) {
      const s = v128.load32_splat(x + k);
      sum0 = f32x4.add(sum0, f32x4.mul(s, v128.load(w + k)));
      sum1 = f32x4.add(sum1, f32x4.mul(s, v128.load(w + k, 16)));
    }
    v128.store(out, sum0);
    v128.store(out, sum1, 16);
    w += groupBytes;
    out += 32;
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
