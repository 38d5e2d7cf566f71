// +0 in the place of what is below `floor` in magnitude, in all lanes; a NaN stays.
// @ts-ignore: decorator
@inline
export function flushed(values: v128, floor: v128): v128 {
  return v128.andnot(values, f32x4.lt(f32x4.abs(values), floor));
}
