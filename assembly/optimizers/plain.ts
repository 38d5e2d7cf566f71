// src/model/optimizers/plain.ts is its readable twin.

// w ← kept · w − factor · g
export function plain(w: usize, end: usize, g: usize, kept: f32, factor: f32): void {
  const k = f32x4.splat(kept);
  const f = f32x4.splat(factor);
  for (; w < end; w += 32) {
    const w0 = f32x4.mul(k, v128.load(w));
    const w1 = f32x4.mul(k, v128.load(w, 16));
    v128.store(w, f32x4.sub(w0, f32x4.mul(f, v128.load(g))));
    v128.store(w, f32x4.sub(w1, f32x4.mul(f, v128.load(g, 16))), 16);
    g += 32;
  }
}
