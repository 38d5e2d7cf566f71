// The highest rate of 128-bit multiplications and additions that one core has, in a loop that does nothing else.

/**
 * Six chains m ← m · factor beside six chains s ← s + term, four float32 each: in every cycle 2 multiplications and
 * 2 additions of latency 3 can be under way, and none waits for one of the other kind, as it would in chains of
 * multiply then add, which stayed a fifth below. Each iteration makes 6 of both, so 24 multiply-adds. The result
 * keeps them from being left out.
 */
export function chains(iterations: i32, factor: f32, term: f32): f32 {
  const f = f32x4.splat(factor);
  const t = f32x4.splat(term);
  let m0 = f32x4.splat(1);
  let s0 = f32x4.splat(0);
  let m1 = f32x4.splat(2);
  let s1 = f32x4.splat(1);
  let m2 = f32x4.splat(3);
  let s2 = f32x4.splat(2);
  let m3 = f32x4.splat(4);
  let s3 = f32x4.splat(3);
  let m4 = f32x4.splat(5);
  let s4 = f32x4.splat(4);
  let m5 = f32x4.splat(6);
  let s5 = f32x4.splat(5);
  for (let i = 0; i < iterations; i++) {
    m0 = f32x4.mul(m0, f);
    s0 = f32x4.add(s0, t);
    m1 = f32x4.mul(m1, f);
    s1 = f32x4.add(s1, t);
    m2 = f32x4.mul(m2, f);
    s2 = f32x4.add(s2, t);
    m3 = f32x4.mul(m3, f);
    s3 = f32x4.add(s3, t);
    m4 = f32x4.mul(m4, f);
    s4 = f32x4.add(s4, t);
    m5 = f32x4.mul(m5, f);
    s5 = f32x4.add(s5, t);
  }
  let sum = t;
  sum = f32x4.add(sum, f32x4.add(m0, s0));
  sum = f32x4.add(sum, f32x4.add(m1, s1));
  sum = f32x4.add(sum, f32x4.add(m2, s2));
  sum = f32x4.add(sum, f32x4.add(m3, s3));
  sum = f32x4.add(sum, f32x4.add(m4, s4));
  sum = f32x4.add(sum, f32x4.add(m5, s5));
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 3);
}
