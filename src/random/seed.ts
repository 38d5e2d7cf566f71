// What may seed a generator.

import { InputError } from "../base/errors.ts";

/** Largest seed that NumPy's and torch's generators tell from all others. */
export const LARGEST_SEED_32 = 0xffffffff;

/** `seed`, if it is a whole number from 0 to `largest`; else throws InputError. */
export function checkedSeed(seed: number, largest: number): number {
  if (!Number.isInteger(seed) || seed < 0 || seed > largest) {
    throw new InputError(`seed ${seed}: expected a whole number from 0 to ${largest}`);
  }
  return seed;
}
