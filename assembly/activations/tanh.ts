// src/model/activations/tanh.ts is its readable twin.

import { tanh4 } from "../elementary";

// @ts-ignore: decorator
@unmanaged
export class Tanh {
  // @ts-ignore: decorator
  @inline
  get code(): i32 {
    return 1;
  }
  // @ts-ignore: decorator
  @inline
  value(z: v128): v128 {
    return tanh4(z);
  }
  // @ts-ignore: decorator
  @inline
  slope(z: v128, a: v128): v128 {
    return f32x4.sub(f32x4.splat(1.0), f32x4.mul(a, a));
  }
}
