// The highest rate of 128-bit multiply then add that one core has, in a loop that does nothing else.

/**
 * Twelve chains s ← s · factor + term of four float32 each, so that 2 multiplications and 2 additions of
 * latency 3 can be under way in every cycle; with the two constants they fill 14 of wasm's usable 15 vector
 * registers on x86-64. Each iteration makes 48 multiply-adds. The result keeps them from being left out.
 */
export function chains(iterations: i32, factor: f32, term: f32): f32 {
  const f = f32x4.splat(factor);
  const t = f32x4.splat(term);
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(1);
  let s2 = f32x4.splat(2);
  let s3 = f32x4.splat(3);
  let s4 = f32x4.splat(4);
  let s5 = f32x4.splat(5);
  let s6 = f32x4.splat(6);
  let s7 = f32x4.splat(7);
  let s8 = f32x4.splat(8);
  let s9 = f32x4.splat(9);
  let s10 = f32x4.splat(10);
  let s11 = f32x4.splat(11);
  for (let i = 0; i < iterations; i++) {
    s0 = f32x4.add(f32x4.mul(s0, f), t);
    s1 = f32x4.add(f32x4.mul(s1, f), t);
    s2 = f32x4.add(f32x4.mul(s2, f), t);
    s3 = f32x4.add(f32x4.mul(s3, f), t);
    s4 = f32x4.add(f32x4.mul(s4, f), t);
    s5 = f32x4.add(f32x4.mul(s5, f), t);
    s6 = f32x4.add(f32x4.mul(s6, f), t);
    s7 = f32x4.add(f32x4.mul(s7, f), t);
    s8 = f32x4.add(f32x4.mul(s8, f), t);
    s9 = f32x4.add(f32x4.mul(s9, f), t);
    s10 = f32x4.add(f32x4.mul(s10, f), t);
    s11 = f32x4.add(f32x4.mul(s11, f), t);
  }
  let sum = f32x4.add(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)), f32x4.add(s4, s5));
  sum = f32x4.add(
    sum,
    f32x4.add(f32x4.add(f32x4.add(s6, s7), f32x4.add(s8, s9)), f32x4.add(s10, s11)),
  );
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 3);
}
