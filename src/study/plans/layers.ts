// What a study says of its layers by name, resolved into numbers for each of them.

import { deviations, type Initialization } from "../../model/initializations/initialization.ts";
import * as initializations from "../../model/initializations/table.ts";
import type { Shape } from "../../model/network.ts";
import type { Study } from "../spec.ts";

/** The initialization of a study's network of this shape. */
export function initializationOf(
  { init, init_std }: Study["model"],
  shape: Shape,
): { [Key in keyof Initialization]-?: Initialization[Key] | undefined } {
  if (init === undefined || init === "torch") return { init, init_std };
  return { init: undefined, init_std: deviations(initializations[init], shape) };
}
