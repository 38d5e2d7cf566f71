// Deviations by name, against their formulas on 784-16-9-10.

import { expect, test } from "vitest";
import { initializationOf } from "./layers.ts";

const shape = { inputs: 784, hidden: [16, 9], classes: 10 };

test.each([
  ["he", [2 / 784, 2 / 16, 2 / 9]],
  ["lecun", [1 / 784, 1 / 16, 1 / 9]],
  ["glorot", [2 / 800, 2 / 25, 2 / 19]],
] as const)("%s", (init, variances) => {
  expect(initializationOf({ hidden: [16, 9], init }, shape)).toEqual({
    init: undefined,
    init_std: variances.map(Math.sqrt),
  });
});
