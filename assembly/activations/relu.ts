// src/model/activations/relu.ts is its readable twin.

// @ts-ignore: decorator
@unmanaged
export class Relu {
  // @ts-ignore: decorator
  @inline
  get code(): i32 {
    return 0;
  }
  // max(z, 0) that keeps a NaN.
  // @ts-ignore: decorator
  @inline
  value(z: v128): v128 {
    return f32x4.pmax(z, f32x4.splat(0.0));
  }
  // @ts-ignore: decorator
  @inline
  slope(z: v128, a: v128): v128 {
    return v128.and(f32x4.splat(1.0), f32x4.gt(a, f32x4.splat(0.0)));
  }
}
