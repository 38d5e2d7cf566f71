// exp and tanh in float32 and log in float64; src/model/elementary.ts is their readable twin and names their sources.

// e^x of four lanes for x ≤ 0; 0 below −87.33654.
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const magic = f32x4.splat(12582912.0);
  const shifted = f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504)), magic);
  const n = f32x4.sub(shifted, magic);
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  const y = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1.0));
  const scale = i32x4.shl(i32x4.add(shifted, i32x4.splat(127)), 23);
  return v128.andnot(f32x4.mul(y, scale), f32x4.lt(x, f32x4.splat(-87.33654)));
}

// tanh of four lanes.
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const one = f32x4.splat(1.0);
  const magnitude = f32x4.abs(x);
  const e = exp4(f32x4.mul(f32x4.splat(-2.0), magnitude));
  const large = f32x4.div(f32x4.sub(one, e), f32x4.add(one, e));
  const signed = v128.or(large, v128.and(x, f32x4.splat(-0.0)));
  const z = f32x4.mul(x, x);
  let p = f32x4.splat(-5.70498872745e-3);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.06390887954e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-5.37397155531e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(1.33314422036e-1));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-3.33332819422e-1));
  const small = f32x4.add(f32x4.mul(f32x4.mul(p, z), x), x);
  return v128.bitselect(small, signed, f32x4.lt(magnitude, f32x4.splat(0.625)));
}

// Natural logarithms of two normal x ≥ 1, ∞ or NaN: what a sum of exponentials with largest term 1 can be.
// @ts-ignore: decorator
@inline
export function logs(x: v128): v128 {
  const one = f64x2.splat(1.0);
  const fraction = v128.and(x, i64x2.splat(0x000fffffffffffff));
  const mantissa = v128.or(fraction, one);
  const above = f64x2.gt(mantissa, f64x2.splat(1.4142135623730951));
  const exponents = i64x2.sub(i64x2.sub(i64x2.shr_u(x, 52), i64x2.splat(1023)), above);
  const k = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(exponents, exponents, 0, 2, 0, 2));
  const f = f64x2.sub(v128.bitselect(f64x2.mul(mantissa, f64x2.splat(0.5)), mantissa, above), one);
  const s = f64x2.div(f, f64x2.add(f64x2.splat(2.0), f));
  const z = f64x2.mul(s, s);
  const w = f64x2.mul(z, z);
  let even = f64x2.splat(1.531383769920937332e-1);
  even = f64x2.add(f64x2.splat(2.222219843214978396e-1), f64x2.mul(w, even));
  even = f64x2.mul(w, f64x2.add(f64x2.splat(3.999999999940941908e-1), f64x2.mul(w, even)));
  let odd = f64x2.splat(1.479819860511658591e-1);
  odd = f64x2.add(f64x2.splat(1.818357216161805012e-1), f64x2.mul(w, odd));
  odd = f64x2.add(f64x2.splat(2.857142874366239149e-1), f64x2.mul(w, odd));
  odd = f64x2.mul(z, f64x2.add(f64x2.splat(6.66666666666673513e-1), f64x2.mul(w, odd)));
  const half = f64x2.mul(f64x2.mul(f64x2.splat(0.5), f), f);
  const series = f64x2.mul(s, f64x2.add(half, f64x2.add(even, odd)));
  const low = f64x2.mul(k, f64x2.splat(1.90821492927058770002e-10));
  const rest = f64x2.sub(f64x2.sub(half, f64x2.add(series, low)), f);
  const result = f64x2.sub(f64x2.mul(k, f64x2.splat(6.9314718036912381649e-1)), rest);
  return v128.bitselect(result, x, f64x2.lt(x, f64x2.splat(Infinity)));
}

export function log(x: f64): f64 {
  return f64x2.extract_lane(logs(f64x2.splat(x)), 0);
}
