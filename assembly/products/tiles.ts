// The two register-tiled products in which nearly all time is spent: 4 × 8 results in eight registers.
//
// Loop bodies are short: of a longer one the engine hoists all loads, and spills registers.

// out (4, 8) = x (4 examples, d) · w (d, 8). The examples lie in a group of eight: value k of example s is
// at x + 32k + 4s. Every sum starts with what `start` (8) has for its column and takes k in ascending order.
export function product4x8(x: usize, w: usize, d: i32, start: usize, out: usize): void {
  let a0 = v128.load(start);
  let a1 = v128.load(start, 16);
  let b0 = a0;
  let b1 = a1;
  let c0 = a0;
  let c1 = a1;
  let d0 = a0;
  let d1 = a1;
  const end = w + (<usize>d << 5);
  const last = end - 32;
  const secondLast = end - 64;
  // Three inputs a round, which the exits between them keep in separate blocks of code.
  do {
    let w0 = v128.load(w);
    let w1 = v128.load(w, 16);
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
    if (w == last) break;
    x += 32;
    w0 = v128.load(w, 32);
    w1 = v128.load(w, 48);
    s = v128.load32_splat(x);
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
    if (w == secondLast) break;
    x += 32;
    w0 = v128.load(w, 64);
    w1 = v128.load(w, 80);
    s = v128.load32_splat(x);
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
    x += 32;
    w += 96;
  } while (w < end);
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, b0, 32);
  v128.store(out, b1, 48);
  v128.store(out, c0, 64);
  v128.store(out, c1, 80);
  v128.store(out, d0, 96);
  v128.store(out, d1, 112);
}

// What an update starts from: w as it is, scale · w, or 0.
export const KEPT = 0;
export const SCALED = 1;
export const AFRESH = 2;

// w (d, 8) = start − Σ_i x_i g_i, i ascending over `count` examples; d is a multiple of four, and `bytes` those of w.
// x (⌈count / 8⌉, d, 8), g (count, 8).
export function updatePanel(
  w: usize,
  bytes: usize,
  x: usize,
  g: usize,
  count: i32,
  start: i32,
  scale: f32,
): void {
  const stop = w + bytes;
  const end = g + (<usize>count << 5);
  do {
    let a0 = v128.load(w);
    let a1 = v128.load(w, 16);
    let b0 = v128.load(w, 32);
    let b1 = v128.load(w, 48);
    let c0 = v128.load(w, 64);
    let c1 = v128.load(w, 80);
    let d0 = v128.load(w, 96);
    let d1 = v128.load(w, 112);
    if (start == SCALED) {
      const f = f32x4.splat(scale);
      a0 = f32x4.mul(a0, f);
      a1 = f32x4.mul(a1, f);
      b0 = f32x4.mul(b0, f);
      b1 = f32x4.mul(b1, f);
      c0 = f32x4.mul(c0, f);
      c1 = f32x4.mul(c1, f);
      d0 = f32x4.mul(d0, f);
      d1 = f32x4.mul(d1, f);
    } else if (start == AFRESH) {
      a0 = f32x4.splat(0.0);
      a1 = a0;
      b0 = a0;
      b1 = a0;
      c0 = a0;
      c1 = a0;
      d0 = a0;
      d1 = a0;
    }
    let group = x;
    let row = g;
    do {
      const last = min(end, row + 256);
      let p = group;
      do {
        const g0 = v128.load(row);
        const g1 = v128.load(row, 16);
        let s = v128.load32_splat(p);
        a0 = f32x4.sub(a0, f32x4.mul(s, g0));
        a1 = f32x4.sub(a1, f32x4.mul(s, g1));
        s = v128.load32_splat(p, 32);
        b0 = f32x4.sub(b0, f32x4.mul(s, g0));
        b1 = f32x4.sub(b1, f32x4.mul(s, g1));
        s = v128.load32_splat(p, 64);
        c0 = f32x4.sub(c0, f32x4.mul(s, g0));
        c1 = f32x4.sub(c1, f32x4.mul(s, g1));
        s = v128.load32_splat(p, 96);
        d0 = f32x4.sub(d0, f32x4.mul(s, g0));
        d1 = f32x4.sub(d1, f32x4.mul(s, g1));
        p += 4;
        row += 32;
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
    x += 128;
    w += 128;
  } while (w < stop);
}
