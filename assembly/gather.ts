// Examples as the register-tiled products take them.

import { storeColumns } from "./products/transposition";

// Copies `count` examples (rows of `width` padded float32) into groups of eight, side by side; the rest of the
// last group is of no use.
export function gather(rows: usize, width: i32, order: usize, count: i32, groups: usize): void {
  const rowBytes = <usize>(width << 2);
  const groupBytes = <usize>(width << 5);
  for (let quad = 0; quad < count; quad += 4) {
    let to = groups + <usize>(quad >> 3) * groupBytes + <usize>((quad & 4) << 2);
    const end = to + groupBytes;
    const places = order + <usize>(quad << 2);
    // Examples past the end are read as the quad's first: their results are never used.
    let a = rows + <usize>load<u32>(places) * rowBytes;
    let b = quad + 1 < count ? rows + <usize>load<u32>(places, 4) * rowBytes : a;
    let c = quad + 2 < count ? rows + <usize>load<u32>(places, 8) * rowBytes : a;
    let d = quad + 3 < count ? rows + <usize>load<u32>(places, 12) * rowBytes : a;
    for (; to < end; to += 128) {
      storeColumns(v128.load(a), v128.load(b), v128.load(c), v128.load(d), to);
      a += 16;
      b += 16;
      c += 16;
      d += 16;
    }
  }
}
