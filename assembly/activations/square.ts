// src/model/activations/square.ts is its readable twin.

// @ts-ignore: decorator
@unmanaged
export class Square {
  // @ts-ignore: decorator
  @inline
  get code(): i32 {
    return 3;
  }
  // @ts-ignore: decorator
  @inline
  value(z: v128): v128 {
    return f32x4.mul(z, z);
  }
  // @ts-ignore: decorator
  @inline
  slope(z: v128, a: v128): v128 {
    return f32x4.add(z, z);
  }
}
