// Standardizes examples: (x − mean) / deviation, into the layouts that training and evaluation read.
// src/data/standardize.ts is its readable twin.
//
// A set's values are bytes or float32, (count, width): an example's d of them, padded with zeros to a multiple of four.

// Sums for means and deviations, out (3, width) float64: first Σx of each column, then Σx² of bytes and Σ(x − Σx/count)² of
// floats, examples in their order. With `whole` there is one column of all values, example by example, the `size` of each
// from the first; and Σ(x − Σx/n)² of bytes, too.
export function sums(
  floats: bool,
  whole: bool,
  values: usize,
  count: i32,
  size: i32,
  width: i32,
  out: usize,
): i32 {
  if (floats) sumUp<f32>(whole, values, count, size, width, out);
  else sumUp<u8>(whole, values, count, size, width, out);
  return count;
}

// @ts-ignore: decorator
@inline
function sumUp<Value>(whole: bool, values: usize, count: i32, size: i32, width: i32, out: usize): void {
  const bytes = <usize>(width << 3);
  if (whole) {
    const sum = sumOfAll<Value>(values, count, size, width, 0.0, false);
    store<f64>(out, sum);
    const mean = sum / (<f64>count * <f64>size);
    store<f64>(out + bytes, sumOfAll<Value>(values, count, size, width, mean, true));
    return;
  }
  const squares = out + bytes;
  const centers = squares + bytes;
  addColumns<Value>(values, count, width, 0, out);
  // Of bytes they are 0.
  if (isFloat<Value>())
    for (let k: usize = 0; k < bytes; k += 8)
      store<f64>(centers + k, load<f64>(out + k) / <f64>count);
  addColumns<Value>(values, count, width, centers, squares);
}

// out (width) += Σx, or Σ(x − center)² where there are centers (width).
// @ts-ignore: decorator
@inline
function addColumns<Value>(from: usize, count: i32, width: i32, centers: usize, out: usize): void {
  for (let i = 0; i < count; i++) {
    for (let k: usize = 0; k < <usize>(width << 3); k += 32) {
      const x = quad<Value>(from);
      let low = f64x2.promote_low_f32x4(x);
      let high = f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3));
      if (centers) {
        low = f64x2.sub(low, v128.load(centers + k));
        high = f64x2.sub(high, v128.load(centers + k, 16));
        low = f64x2.mul(low, low);
        high = f64x2.mul(high, high);
      }
      v128.store(out + k, f64x2.add(v128.load(out + k), low));
      v128.store(out + k, f64x2.add(v128.load(out + k, 16), high), 16);
      from += 4 * sizeof<Value>();
    }
  }
}

// @ts-ignore: decorator
@inline
function sumOfAll<Value>(from: usize, count: i32, size: i32, width: i32, center: f64, squared: bool): f64 {
  let sum: f64 = 0.0;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < size; k++) {
      const x = <f64>load<Value>(from + <usize>k * sizeof<Value>()) - center;
      sum += squared ? x * x : x;
    }
    from += <usize>width * sizeof<Value>();
  }
  return sum;
}

// groups (⌈count / 8⌉, width, 8) float32: the examples in the order of `order` (count) uint32, eight side by side, the rest
// of the last eight 0; and rows (count, width) float32, in their own order, where it is not 0. numbers (2, width) float32:
// means and deviations, in the padding 0 and 1.
export function standardize(
  floats: bool,
  values: usize,
  count: i32,
  width: i32,
  numbers: usize,
  order: usize,
  groups: usize,
  rows: usize,
): i32 {
  if (floats) {
    if (rows) placeRows<f32>(values, count, width, numbers, rows);
    placeGroups<f32>(values, count, width, numbers, order, groups);
  } else {
    if (rows) placeRows<u8>(values, count, width, numbers, rows);
    placeGroups<u8>(values, count, width, numbers, order, groups);
  }
  return count;
}

// @ts-ignore: decorator
@inline
function placeRows<Value>(from: usize, count: i32, width: i32, means: usize, rows: usize): void {
  const bytes = <usize>(width << 2);
  const deviations = means + bytes;
  for (const end = rows + <usize>count * bytes; rows < end; rows += bytes) {
    for (let k: usize = 0; k < bytes; k += 16) {
      const x = f32x4.sub(quad<Value>(from), v128.load(means + k));
      v128.store(rows + k, f32x4.div(x, v128.load(deviations + k)));
      from += 4 * sizeof<Value>();
    }
  }
}

// @ts-ignore: decorator
@inline
function placeGroups<Value>(
  values: usize,
  count: i32,
  width: i32,
  means: usize,
  order: usize,
  groups: usize,
): void {
  const bytes = <usize>width * sizeof<Value>();
  const last = order + <usize>((count - 1) << 2);
  for (let i = 0; i < count; i += 4) {
    const a = values + <usize>load<u32>(order) * bytes;
    const b = values + <usize>load<u32>(min(order + 4, last)) * bytes;
    const c = values + <usize>load<u32>(min(order + 8, last)) * bytes;
    const d = values + <usize>load<u32>(min(order + 12, last)) * bytes;
    placeQuad<Value>(a, b, c, d, width, means, place(groups, width, i));
    order += 16;
  }
  for (let i = count; i & 7; i++)
    for (let k = 0; k < width; k++) store<f32>(place(groups, width, i) + <usize>(k << 5), 0.0);
}

// Where the first value of example i lies in groups of eight.
// @ts-ignore: decorator
@inline
function place(groups: usize, width: i32, i: i32): usize {
  return groups + <usize>(i >> 3) * <usize>(width << 5) + <usize>((i & 7) << 2);
}

// Four examples, side by side.
// @ts-ignore: decorator
@inline
function placeQuad<Value>(a: usize, b: usize, c: usize, d: usize, width: i32, mean: usize, to: usize): void {
  const bytes = <usize>(width << 2);
  for (const end = mean + bytes; mean < end; mean += 16) {
    if (isFloat<Value>()) {
      const va = v128.load(a);
      const vb = v128.load(b);
      const vc = v128.load(c);
      const vd = v128.load(d);
      const ab0 = v128.shuffle<f32>(va, vb, 0, 4, 1, 5);
      const ab1 = v128.shuffle<f32>(va, vb, 2, 6, 3, 7);
      const cd0 = v128.shuffle<f32>(vc, vd, 0, 4, 1, 5);
      const cd1 = v128.shuffle<f32>(vc, vd, 2, 6, 3, 7);
      placeColumn(v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5), mean, bytes, to);
      placeColumn(v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7), mean + 4, bytes, to + 32);
      placeColumn(v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5), mean + 8, bytes, to + 64);
      placeColumn(v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7), mean + 12, bytes, to + 96);
    } else {
      let x = v128.load32_zero(a);
      x = v128.load32_lane(b, x, 1);
      x = v128.load32_lane(c, x, 2);
      x = v128.load32_lane(d, x, 3);
      placeColumn(byteOfEach(x, 0), mean, bytes, to);
      placeColumn(byteOfEach(x, 1), mean + 4, bytes, to + 32);
      placeColumn(byteOfEach(x, 2), mean + 8, bytes, to + 64);
      placeColumn(byteOfEach(x, 3), mean + 12, bytes, to + 96);
    }
    a += 4 * sizeof<Value>();
    b += 4 * sizeof<Value>();
    c += 4 * sizeof<Value>();
    d += 4 * sizeof<Value>();
    to += 128;
  }
}

// Byte k of each of the four lanes.
// @ts-ignore: decorator
@inline
function byteOfEach(x: v128, k: i32): v128 {
  return f32x4.convert_i32x4_s(v128.and(i32x4.shr_u(x, k << 3), i32x4.splat(255)));
}

// One value of four examples.
// @ts-ignore: decorator
@inline
function placeColumn(x: v128, mean: usize, bytes: usize, to: usize): void {
  const deviation = v128.load32_splat(mean + bytes);
  v128.store(to, f32x4.div(f32x4.sub(x, v128.load32_splat(mean)), deviation));
}

// Four values of an example as float32.
// @ts-ignore: decorator
@inline
function quad<Value>(at: usize): v128 {
  if (isFloat<Value>()) return v128.load(at);
  const halves = i16x8.extend_low_i8x16_u(v128.load32_zero(at));
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(halves));
}
