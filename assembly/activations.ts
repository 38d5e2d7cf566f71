// Every activation by its code, and the loops that are made of each: a code is asked for once a layer.
//
// An activation is a class of which there are no objects: its functions are found at compile time, and inlined.

import { Relu } from "./activations/relu";
import { Tanh } from "./activations/tanh";
import { Linear } from "./activations/linear";
import { Square } from "./activations/square";

// One line for each activation.
// @ts-ignore: decorator
@inline
function loop(code: i32, backwards: bool, z: usize, a: usize, g: usize, end: usize): void {
  if (is<Relu>(code)) return loopOf<Relu>(backwards, z, a, g, end);
  if (is<Tanh>(code)) return loopOf<Tanh>(backwards, z, a, g, end);
  if (is<Linear>(code)) return loopOf<Linear>(backwards, z, a, g, end);
  if (is<Square>(code)) return loopOf<Square>(backwards, z, a, g, end);
  unreachable();
}

// a = value(z), from z to end.
export function activate(code: i32, z: usize, end: usize, a: usize): void {
  loop(code, false, z, a, 0, end);
}

// g ← slope(z, a) · g, from z to end; 0 where the slope is 0, whatever g is.
export function passBack(code: i32, z: usize, end: usize, a: usize, g: usize): void {
  loop(code, true, z, a, g, end);
}

// @ts-ignore: decorator
@inline
function is<Activation>(code: i32): bool {
  return changetype<Activation>(0).code == code;
}

// @ts-ignore: decorator
@inline
function loopOf<Activation>(backwards: bool, z: usize, a: usize, g: usize, end: usize): void {
  const activation = changetype<Activation>(0);
  if (backwards) {
    for (; z < end; z += 16) {
      const slope = activation.slope(v128.load(z), v128.load(a));
      const passed = f32x4.mul(slope, v128.load(g));
      v128.store(g, v128.and(passed, f32x4.ne(slope, f32x4.splat(0.0))));
      a += 16;
      g += 16;
    }
  } else {
    for (; z < end; z += 16) {
      v128.store(a, activation.value(v128.load(z)));
      a += 16;
    }
  }
}
