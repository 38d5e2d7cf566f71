// Deviations and rates by name, against their formulas.

import { expect, test } from "vitest";
import { CATALOGUE } from "../../questions/catalogue.ts";
import { DATASET_SIZES } from "../../../test/support/studies.ts";
import { parseStudy } from "../language/parse.ts";
import type { TrialSpecification } from "../../model/trial.ts";
import { sweepPlan } from "./sweep.ts";
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

/** Specifications of the study's widths 64 and 256. */
function specifications(model: string, training = "", passes = 1): TrialSpecification[] {
  const text = `{ name: a, question: b, dataset: { name: fashion-mnist }, model: { ${model} }, training: { learning_rate: 0.1, passes: ${passes}${training} }, sweep: { width: [64, 256] } }`;
  const next = sweepPlan(
    parseStudy(text, "a.yaml", CATALOGUE),
    DATASET_SIZES,
    0.1,
  )(() => undefined);
  return "trials" in next ? [...next.trials].map(({ trial }) => trial.specification) : [];
}

test("ntk is standard with deviations and rates written out", () => {
  const { sqrt } = Math;
  const [found] = specifications("hidden: [width, 9], init_std: 1.5, parametrization: ntk");
  const std = [784, 64, 9].map((inputs) => 1.5 / sqrt(inputs)).join(", ");
  const weights = [784, 64, 9].map((inputs) => 1 / inputs).join(", ");
  const [written] = specifications(
    `hidden: [width, 9], init: { kind: normal, std: [${std}] }`,
    `, layer_rates: { weights: [${weights}], biases: [1, 1, 1] }`,
  );
  expect(found).toStrictEqual(written);
});

test.each(["init_std: 0.2", "init: he", "init: glorot", "init: { kind: normal, std: [1, 2, 3] }"])(
  "mup is standard at its base width, and scales from there: %s",
  (init) => {
    const mup = "parametrization: { kind: mup, base_width: 64 }";
    const [standard] = specifications(`hidden: [width, width], ${init}`);
    const [base, wide] = specifications(`hidden: [width, width], ${init}, ${mup}`);
    expect(base).toStrictEqual(standard);
    const { init_std = [] } = standard.model;
    const stds = typeof init_std === "number" ? [init_std, init_std, init_std] : init_std;
    // Four times the base width.
    expect(wide.model.init_std).toEqual([stds[0], stds[1] / 2, stds[2] / 4]);
    expect(wide.training.layer_rates).toEqual({ weights: [4, 1, 0.25], biases: [4, 4, 1] });
  },
);

test("a study that trains longer than its cosine is refused", () => {
  const cosine = ", schedule: { kind: cosine, passes: 3 }";
  const [found] = specifications("hidden: [width], init_std: 1", cosine, 3);
  expect(found.training.schedule).toEqual({ kind: "cosine", passes: 3 });
  expect(() => specifications("hidden: [width], init_std: 1", cosine, 4)).toThrow(
    "training.passes: 4 are more than the 3 passes of the cosine; ask for as many at the most, or for a longer one",
  );
});

test("layer_rates multiply the parametrization's; without biases theirs are left out", () => {
  const mup = "hidden: [width], init_std: 1, parametrization: { kind: mup, base_width: 64 }";
  const [base, wide] = specifications(`${mup}, bias: false`, ", layer_rates: [2, 3]");
  expect(base.training.layer_rates).toEqual([2, 3]);
  expect(wide.training.layer_rates).toEqual([8, 0.75]);
});
