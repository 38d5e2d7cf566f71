// Answers of studies that sweep other axes than the width: of each combination, by its axes' names.

import { expect, test } from "vitest";
import { found, HOMEWORK, homeworkResult } from "../../test/support/results.ts";
import { timedOutcome } from "../../test/support/outcomes.ts";
import type { Outcome } from "../analysis/outcome.ts";
import type { Text } from "../document/document.ts";
import { summarize } from "../report/summary.ts";
import { PROVENANCE } from "../../test/support/results.ts";

/** A study with these values of an axis, whose widths interpolated at these passes, a seed each. */
function crossed(
  axis: string,
  values: readonly (number | string)[],
  at: Readonly<Record<number, readonly (readonly (number | null)[])[]>>,
) {
  const outcomes = Object.entries(at).flatMap(([width, ofValues]) =>
    ofValues.flatMap((passes, place) =>
      passes.map((pass, seed): Outcome => {
        const { point, record } = timedOutcome(Number(width), pass, { seed });
        return { point: { ...point, values: { ...point.values, [axis]: values[place] } }, record };
      }),
    ),
  );
  const widths = Object.keys(at).map(Number);
  const seeds = Object.values(at)[0][0].map((_, seed) => seed);
  const result = homeworkResult(outcomes);
  const [hidden, width]: [(number | "width")[], number[]] =
    widths.length > 1 ? [["width"], widths] : [widths, []];
  return found({
    ...result,
    search: null,
    learning_rate: 0.1,
    study: {
      ...HOMEWORK,
      model: { ...HOMEWORK.model, hidden },
      training: { ...HOMEWORK.training, learning_rate: 0.1 },
      sweep: { width, paths: { [axis]: values } },
      streams: { kind: "named", study_seed: 0, seeds },
    },
  });
}

const plain = (text: Text) =>
  text
    .map((part) => (typeof part === "string" ? part : "strong" in part ? part.strong : ""))
    .join("");

const told = (answered: ReturnType<typeof crossed>) =>
  [...answered.answers.values()].flatMap(({ sentences = [] }) => sentences.map(plain));

const lines = (answered: ReturnType<typeof crossed>) =>
  [...answered.answers.values()].flatMap((answer) => answer.lines ?? []);

const NOISE = crossed("dataset.label_noise", [0, 0.2], { 8: [[30], [null]], 32: [[20], [60]] });

test("the smallest width that interpolates is told of each combination of the other axes", () => {
  expect(told(NOISE)).toEqual(
    expect.arrayContaining([
      "Label noise 0: the smallest width that interpolates is 8: after 30 passes all 6,000 training examples are predicted right. No narrower one was trained.",
      "Label noise 0.2: the smallest width that interpolates is 32: after 60 passes all 6,000 training examples are predicted right.",
      "Passes to interpolation: 30 at width 8, label noise 0, 20 at width 32, label noise 0 and 60 at width 32, label noise 0.2. Width 8, label noise 0.2 does not interpolate within 100 passes.",
    ]),
  );
  expect(lines(NOISE)).toEqual(
    expect.arrayContaining([
      "   width   label noise  passes to interpolation",
      "       8             0  30",
      "       8           0.2  never in 100",
      "  label noise 0: 8",
      "  label noise 0.2: 32",
    ]),
  );
});

test("summary.json tells each point by the values of its axes", () => {
  const summary = summarize(NOISE, PROVENANCE);
  expect(summary).toMatchObject({
    smallest_interpolating_width: { "dataset.label_noise=0": 8, "dataset.label_noise=0.2": 32 },
    passes_to_interpolation: {
      "width=8,dataset.label_noise=0": 30,
      "width=8,dataset.label_noise=0.2": null,
      "width=32,dataset.label_noise=0": 20,
      "width=32,dataset.label_noise=0.2": 60,
    },
  });
});

test("where no width is swept, the points that interpolate are named", () => {
  const rates = crossed("training.learning_rate", [0.01, 0.1, 1], { 32: [[null], [20], [null]] });
  expect(told(rates)).toEqual(
    expect.arrayContaining([
      "The learning rate is swept: 3 values, 0.01 to 1.",
      "1 of 3 points interpolates within 100 passes: learning rate 0.1.",
      "Passes to interpolation: 20 at learning rate 0.1. Learning rate 0.01 and 1 do not interpolate within 100 passes.",
    ]),
  );
});

test("of many points it is told how many interpolate, and which one the soonest", () => {
  const values = Array.from({ length: 13 }, (_, i) => i / 100);
  const many = crossed("dataset.label_noise", values, {
    8: values.map(() => [null, null]),
    32: values.map((_, place) => (place < 5 ? [20 + place, 30 + place] : [null, null])),
  });
  expect(told(many)).toEqual(
    expect.arrayContaining([
      "The smallest width that interpolates in most seeds within 100 passes is 32, by what else is swept; at 5 of 13 combinations there is one.",
      "5 of 26 points interpolate in most seeds within 100 passes, the soonest at width 32, label noise 0, after 25 passes in the median.",
    ]),
  );
});

test("what several values have in common is no claim of one seed", () => {
  expect([...NOISE.answers.values()].flatMap(({ claim }) => claim ?? [])).toEqual([]);
});
