// `bias-variance` over made-up groups, and what it is refused of.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { expectGolden } from "../../../test/support/golden.ts";
import { outcome } from "../../../test/support/outcomes.ts";
import { found, HOMEWORK, homeworkResult } from "../../../test/support/results.ts";
import type { Spread } from "../../analysis/bias-variance.ts";
import type { Text } from "../../document/document.ts";
import { parseStudy } from "../../study/language/parse.ts";
import { CATALOGUE } from "../catalogue.ts";

const PARTS = "dataset.part: [{ of: 2, index: 0 }, { of: 2, index: 1 }]";

const plain = (text: Text) => text.map((part) => (typeof part === "string" ? part : "")).join("");

function answerOf(spreads: readonly Spread[]) {
  const outcomes = [2, 8, 64].map((width) => outcome(width, [[1, 1, 1, 1]], { seed: 0 }));
  const answer = found({
    ...homeworkResult(outcomes),
    ...{ search: null, learning_rate: 0.1, spreads },
    study: {
      ...HOMEWORK,
      training: { ...HOMEWORK.training, learning_rate: 0.1 },
      sweep: { width: [2, 8, 64] },
      ask: [{ name: "bias-variance" }],
    },
  }).answers.get("bias-variance");
  if (answer === undefined) throw new Error("not answered");
  return answer;
}

/** Variance rises and falls, bias² falls. */
const SPREADS = [2, 8, 64].flatMap((width, place) =>
  [0, 1, 2, 3, 4].map((g) => ({
    values: { width },
    variance: [0.125, 0.5, 0.25][place] + g / 64,
    risk: [0.875, 1, 0.5][place] + g / 64,
  })),
);

test("means over groups are told with their bootstraps, bias² as the risk less the variance", () => {
  const { sentences = [], summary } = answerOf(SPREADS);
  expect(sentences.map(plain)).toEqual([
    "Bias² of the predicted probabilities is largest with 0.750 (0.750 … 0.750) at width 2, and smallest with 0.250 (0.250 … 0.250) at width 64.",
    "Variance of the predicted probabilities is largest with 0.531 (0.512 … 0.550) at width 8, and smallest with 0.156 (0.138 … 0.175) at width 2.",
    "In brackets stands the 95 % percentile bootstrap over 5 groups.",
  ]);
  expect(summary).toMatchObject({
    bias_variance: {
      against: "width",
      points: {
        8: {
          bias_squared: { value: 0.5, interval: [0.5, 0.5] },
          variance: { value: 0.53125, by: "95 % percentile bootstrap over 5 groups" },
          risk: { value: 1.03125 },
        },
      },
    },
  });
});

test("groups whose predictions are gone are told, and the others answer", () => {
  const lost = SPREADS.map((one, place) => (place === 0 ? { ...one, variance: null } : one));
  expect(plain(answerOf(lost).sentences?.at(-1) ?? [])).toBe(
    "1 of 15 groups of models say nothing: their predictions are no longer kept, or not finite; run the study again to have them measured.",
  );
  const none = answerOf(SPREADS.map((one) => ({ ...one, variance: null })));
  expect(none.sentences?.map(plain)[0]).toBe("Bias and variance are not known.");
  expect(none.draw?.("paper")).toHaveLength(1);
});

test("its figure is as it was", () => {
  expectGolden("bias-variance", answerOf(SPREADS).draw?.("paper")[0]);
});

const study = (sweep: string, measure: string, asked = "bias-variance") =>
  parseStudy(
    `
name: t
question: "?"
dataset: { name: mnist-1d, examples: 100 }
model: { hidden: [width], init_std: 0.1 }
training: { learning_rate: 0.1, passes: 5 }
sweep: { width: [2, 8]${sweep} }
${measure}
ask: [${asked}]
`,
    "t.yaml",
    CATALOGUE,
  );

describe("a study that cannot answer it is refused", () => {
  const measure = "measure: [predictions, brier score]";
  test.each([
    [
      `, ${PARTS}`,
      "",
      "bias-variance needs measurements; add predictions and brier score to measure",
    ],
    [`, ${PARTS}`, "measure: [predictions]", "add brier score to measure"],
    ["", measure, "bias-variance needs two disjoint parts or more; write sweep: { dataset.part:"],
    [
      ", dataset.part: [{ of: 2, index: 0 }, { of: 3, index: 1 }]",
      measure,
      "needs two disjoint parts",
    ],
  ])("%s %s", (sweep, measured, message) => {
    expect(() => study(sweep, measured)).toThrow(message);
  });

  test("against another axis than is swept, and against the parts", () => {
    const against = (axis: string) => () =>
      study(`, ${PARTS}`, measure, `{ name: bias-variance, against: ${axis} }`);
    expect(against("dataset.label_noise")).toThrow(/which is not swept; write against: width$/);
    expect(against("dataset.part")).toThrow("takes the parts together; write against: width");
  });
});

test("the example is one", () => {
  const page = readFileSync(new URL("../../../docs/questions.md", import.meta.url), "utf8");
  const [, section] = page.split("## Bias and variance");
  const [yaml] = section.split("```yaml\n")[1].split("```");
  expect(yaml.trim().split("\n").length).toBeLessThanOrEqual(12);
  expect(parseStudy(yaml, "m.yaml", CATALOGUE).ask).toEqual([{ name: "bias-variance" }]);
});
