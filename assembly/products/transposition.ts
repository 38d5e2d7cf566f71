// From rows of eight to groups of eight and back: a matrix in panels becomes its transpose in panels.

// Four vectors as the columns of a 4 × 4 block, whose rows are stored 32 bytes apart.
// @ts-ignore: decorator
@inline
export function storeColumns(a: v128, b: v128, c: v128, d: v128, to: usize): void {
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
  v128.store(to, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7), 32);
  v128.store(to, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5), 64);
  v128.store(to, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7), 96);
}

// to (rows / 8, panels · 8, 8) = the transpose of from (panels, rows, 8); rows are a multiple of eight.
export function transpose(from: usize, panels: i32, rows: i32, to: usize): void {
  const groupBytes = <usize>(panels << 8);
  for (let panel = 0; panel < panels; panel++) {
    let out = to;
    for (let row = 0; row < rows; row += 8) {
      transposeQuad(from, out);
      transposeQuad(from + 128, out + 16);
      transposeQuad(from + 16, out + 128);
      transposeQuad(from + 144, out + 144);
      from += 256;
      out += groupBytes;
    }
    to += 256;
  }
}

// @ts-ignore: decorator
@inline
function transposeQuad(from: usize, to: usize): void {
  storeColumns(v128.load(from), v128.load(from, 32), v128.load(from, 64), v128.load(from, 96), to);
}
