// Examples as the register-tiled products take them.

import { storeColumns } from "./products/transposition";

// Copies `count` examples (rows of `width` padded float32) into groups of eight, side by side; the rest of the
// last group is of no use. Eight rows are read at a time: more of them are on their way from memory then.
export function gather(rows: usize, width: i32, order: usize, count: i32, groups: usize): void {
  const rowBytes = <usize>(width << 2);
  for (let first = 0; first < count; first += 8) {
    const places = order + <usize>(first << 2);
    const rest = count - first;
    let a = row(rows, rowBytes, places, 0, rest);
    let b = row(rows, rowBytes, places, 1, rest);
    let c = row(rows, rowBytes, places, 2, rest);
    let d = row(rows, rowBytes, places, 3, rest);
    let e = row(rows, rowBytes, places, 4, rest);
    let f = row(rows, rowBytes, places, 5, rest);
    let g = row(rows, rowBytes, places, 6, rest);
    let h = row(rows, rowBytes, places, 7, rest);
    for (const end = groups + (rowBytes << 3); groups < end; groups += 128) {
      storeColumns(v128.load(a), v128.load(b), v128.load(c), v128.load(d), groups);
      storeColumns(v128.load(e), v128.load(f), v128.load(g), v128.load(h), groups + 16);
      a += 16;
      b += 16;
      c += 16;
      d += 16;
      e += 16;
      f += 16;
      g += 16;
      h += 16;
    }
  }
}

// Examples past the end are read as the group's first: their results are never used.
// @ts-ignore: decorator
@inline
function row(rows: usize, rowBytes: usize, places: usize, index: i32, rest: i32): usize {
  return rows + <usize>load<u32>(places + (index < rest ? <usize>(index << 2) : 0)) * rowBytes;
}
