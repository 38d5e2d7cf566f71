// Paths of --set.

import { expect, test } from "vitest";
import { parseSet } from "./options.ts";

test.each([
  ["dataset.fraction=0.2", ["dataset", "fraction"]],
  ["model.hidden[1]=4", ["model", "hidden", 1]],
  ["sweep.width[0]=4", ["sweep", "width", 0]],
  ["sweep.training.learning_rate=[0.1, 1]", ["sweep", "training.learning_rate"]],
  ["sweep.training.layer_rates[0]=[0.1, 1]", ["sweep", "training.layer_rates[0]"]],
])("%s means %s", (text, path) => {
  expect(parseSet(text).map((change) => change.path)).toEqual([path]);
});
