// exp, log, tanh, sin and cos from + − × ÷ alone. Engines may differ in Math.exp and its relatives; these give
// the same bits everywhere. Argument reductions and coefficients are those of Sun's fdlibm 5.3.

const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;

const words = new Uint32Array(2);
const double = new Float64Array(words.buffer);

/** 2^n for integer n in −1022…1023. */
function powerOfTwo(n: number): number {
  words[0] = 0;
  words[1] = (n + 1023) << 20;
  return double[0];
}

/** e^x in float64, error below 1 ulp; 0 below −745.13, Infinity above 709.78. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019411) return 0;
  const n = Math.floor(x * 1.4426950408889634 + 0.5);
  const high = x - n * LN2_HIGH;
  const low = n * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t *
              (6.61375632143793436117e-5 +
                t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))));
  const y = 1 - (low - (r * c) / (2 - c) - high);
  if (n > 1023) return y * 2 * powerOfTwo(n - 1);
  if (n < -1022) return y * powerOfTwo(n + 64) * powerOfTwo(-64);
  return y * powerOfTwo(n);
}

/** Natural logarithm in float64, error below 1 ulp; −Infinity at 0, NaN below. */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return Infinity;
  let exponent = 0;
  double[0] = x;
  if (words[1] < 0x00100000) {
    double[0] = x * 18014398509481984;
    exponent = -54;
  }
  exponent += (words[1] >>> 20) - 1023;
  words[1] = (words[1] & 0x000fffff) | 0x3ff00000;
  let mantissa = double[0];
  if (mantissa > Math.SQRT2) {
    mantissa *= 0.5;
    exponent += 1;
  }
  const f = mantissa - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even =
    w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const half = 0.5 * f * f;
  return exponent * LN2_HIGH - (half - (s * (half + (even + odd)) + exponent * LN2_LOW) - f);
}

/** Terms of the continued fraction below that decide the last bit up to 1. */
const TANH_TERMS = 12;

/** tanh in float64, error below 2 ulp. Below 1 by Lambert's continued fraction x / (1 + x² / (3 + x² / (5 + …))). */
export function tanh(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude < 1)) {
    const e = exp(-2 * magnitude);
    const value = (1 - e) / (1 + e);
    return x < 0 ? -value : value;
  }
  let denominator = 2 * TANH_TERMS + 1;
  for (let term = denominator - 2; term > 0; term -= 2) denominator = term + (x * x) / denominator;
  return x / denominator;
}

function sinKernel(x: number): number {
  const z = x * x;
  return (
    x +
    x *
      z *
      (-1.66666666666666324348e-1 +
        z *
          (8.33333333332248946124e-3 +
            z *
              (-1.98412698298579493134e-4 +
                z *
                  (2.75573137070700676789e-6 +
                    z * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10)))))
  );
}

function cosKernel(x: number): number {
  const z = x * x;
  const tail =
    z *
    z *
    (4.16666666666666019037e-2 +
      z *
        (-1.38888888888741095749e-3 +
          z *
            (2.48015872894767294178e-5 +
              z *
                (-2.75573143513906633035e-7 +
                  z * (2.0875723212981748279e-9 + z * -1.13596475577881948265e-11)))));
  const half = 0.5 * z;
  const one = 1 - half;
  return one + (1 - one - half + tail);
}

/** The quadrant of x and what is left of it: x = quadrant · π/2 + rest, |rest| ≤ π/4. */
function reduce(x: number): [quadrant: number, rest: number] {
  const n = Math.floor(x * 0.6366197723675814 + 0.5);
  return [((n % 4) + 4) % 4, x - n * 1.57079632673412561417 - n * 6.07710050650619224932e-11];
}

/** Sine of x radians in float64; absolute error below 2e-16 for |x| ≤ 100. */
export function sin(x: number): number {
  const [quadrant, rest] = reduce(x);
  const value = quadrant % 2 === 0 ? sinKernel(rest) : cosKernel(rest);
  return quadrant < 2 ? value : -value;
}

/** Cosine of x radians in float64; absolute error below 2e-16 for |x| ≤ 100. */
export function cos(x: number): number {
  const [quadrant, rest] = reduce(x);
  const value = quadrant % 2 === 0 ? cosKernel(rest) : sinKernel(rest);
  return quadrant === 0 || quadrant === 3 ? value : -value;
}

const { fround } = Math;
const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** Adding and subtracting 1.5 · 2²³ rounds a small float32 to the nearest integer, ties to even. */
const ROUND_MAGIC = 12582912;

/**
 * e^x for x ≤ 0 as the wasm kernel computes it, every operation rounded to float32: relative error below
 * 2 · 2⁻²⁴, and 0 below −87.33654. Cephes' polynomial.
 */
export function expFloat32(x: number): number {
  if (x < fround(-87.33654)) return 0;
  const shifted = fround(fround(x * fround(1.44269504)) + ROUND_MAGIC);
  const n = fround(shifted - ROUND_MAGIC);
  let r = fround(x - fround(n * 0.693359375));
  r = fround(r - fround(n * fround(-2.1219444e-4)));
  let p = fround(1.98756915e-4);
  for (const c of [
    1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
  ])
    p = fround(fround(p * r) + fround(c));
  const y = fround(fround(fround(fround(p * r) * r) + r) + 1);
  float[0] = shifted;
  bits[0] = (bits[0] + 127) << 23;
  return fround(y * float[0]);
}

/** tanh as the wasm kernel computes it, every operation rounded to float32: relative error below 3 · 2⁻²⁴. Cephes' tanhf. */
export function tanhFloat32(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude < 0.625)) {
    const e = expFloat32(-2 * magnitude);
    const value = fround(fround(1 - e) / fround(1 + e));
    return x < 0 ? -value : value;
  }
  const z = fround(x * x);
  let p = fround(-5.70498872745e-3);
  for (const c of [2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1])
    p = fround(fround(p * z) + fround(c));
  return fround(fround(fround(p * z) * x) + x);
}
