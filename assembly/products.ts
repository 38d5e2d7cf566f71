// The first layer's two matrix products, tile by tile: all panels of eight outputs with all examples in groups of eight.

import { product4x8, updatePanel } from "./tiles";
import { product4x16, product8x8, updatePanels } from "./wide-tiles";

// Whether pairs of 128-bit operations are fused to 256 bits, so that twice as large tiles fit the registers. It
// changes no result: each of them is the same sum in the same order.
// @ts-ignore: decorator
@external("env", "wide")
declare const wide: bool;

// out (panels, …, 8), of which a panel's `count` rows lie together and the next panel's outBytes on, = x (count, d) · w.
// x (⌈count / 8⌉, d padded, 8), w (panels, d padded, 8), both with groupBytes for eight. Rows up to the next multiple
// of eight are written too.
export function products(
  x: usize,
  w: usize,
  panels: i32,
  groupBytes: usize,
  d: i32,
  count: i32,
  out: usize,
  outBytes: usize,
): void {
  const pairs = wide ? panels & -2 : 0;
  for (let panel = 0; panel < pairs; panel += 2) {
    for (let quad = 0; quad < count; quad += 4)
      product4x16(quadOf(x, groupBytes, quad), w, groupBytes, d, out + <usize>(quad << 5), outBytes);
    w += groupBytes << 1;
    out += outBytes << 1;
  }
  for (let panel = pairs; panel < panels; panel++) {
    if (wide) {
      let group = x;
      for (let row = 0; row < count; row += 8) {
        product8x8(group, w, d, out + <usize>(row << 5));
        group += groupBytes;
      }
    } else {
      for (let quad = 0; quad < count; quad += 4)
        product4x8(quadOf(x, groupBytes, quad), w, d, out + <usize>(quad << 5));
    }
    w += groupBytes;
    out += outBytes;
  }
}

// @ts-ignore: decorator
@inline
function quadOf(x: usize, groupBytes: usize, quad: i32): usize {
  return x + <usize>(quad >> 3) * groupBytes + <usize>((quad & 4) << 2);
}

// w = scale · w − Σ_i x_i g_i, i ascending over `count` examples. x and w as above; g (panels, …, 8), a panel's `count`
// rows together and the next panel's rowBytes on. `scaled` is false where scale is 1.
export function update(
  w: usize,
  x: usize,
  panels: i32,
  groupBytes: usize,
  g: usize,
  rowBytes: usize,
  count: i32,
  scaled: bool,
  scale: f32,
): void {
  const pairs = wide ? panels & -2 : 0;
  for (let panel = 0; panel < pairs; panel += 2) {
    updatePanels(w, groupBytes, x, g, rowBytes, count, scaled, scale);
    w += groupBytes << 1;
    g += rowBytes << 1;
  }
  for (let panel = pairs; panel < panels; panel++) {
    updatePanel(w, groupBytes, x, g, count, scaled, scale);
    w += groupBytes;
    g += rowBytes;
  }
}
