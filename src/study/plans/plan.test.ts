// What the plans ask for.

import { widthOf } from "../../records/point.ts";
import { expect, test } from "vitest";
import { record } from "../../../test/support/outcomes.ts";
import { DATASET_SIZES, study } from "../../../test/support/studies.ts";
import { searchTrial } from "./learning-rate.ts";
import { CATALOGUE } from "../../questions/catalogue.ts";
import type { PlannedTrial } from "./plan.ts";
import { needsSweep, studyPlan } from "./study-plan.ts";
import { sweepPlan } from "./sweep.ts";
import type { Study } from "../spec.ts";

function sweepOf(asked: Study): readonly PlannedTrial[] {
  const next = sweepPlan(asked, DATASET_SIZES, 0.005)(() => undefined);
  return "trials" in next ? [...next.trials] : [];
}

const hiddenOf = ({ trial }: PlannedTrial) => trial.specification.model.hidden;

test("a share of the training set that is no whole number of examples is rounded to the nearest", () => {
  const examples = (fraction: number) => {
    const whole = study({ widths: [8] });
    const asked = { ...whole, dataset: { name: "fashion-mnist", fraction } };
    const planned = [...sweepOf(asked), searchTrial(asked, DATASET_SIZES, 0.1)];
    return planned.map(({ trial }) => trial.specification.data.train_examples);
  };
  // Of 60000: 6.6, 7.2 and 7.5 examples.
  expect(examples(0.00011)).toEqual([7, 7]);
  expect(examples(0.00012)).toEqual([7, 7]);
  expect(examples(0.000125)).toEqual([8, 8]);
});

test("a number of examples is asked for as it is, and no more than there are", () => {
  const asked = (examples: number) => {
    const dataset = { name: "fashion-mnist", examples } as const;
    return sweepOf({ ...study({ widths: [8] }), dataset })[0].trial.specification.data;
  };
  expect([600, 60_000].map((examples) => asked(examples).train_examples)).toEqual([600, 60_000]);
  expect(() => asked(60_001)).toThrow(
    "dataset.examples: 60001 are more than the 60000 training examples of the data set; ask for as many at the most",
  );
});

test("under the notebook's streams a trial goes on after what the notebook trained before it", () => {
  const streams = { kind: "notebook", numpy_seed: 1, torch_seed: 0 } as const;
  const after = ({ trial }: PlannedTrial) => {
    const { streams } = trial.specification;
    return streams.kind === "notebook"
      ? streams.after.map(({ hidden, passes }) => `${hidden.join()}×${passes}`)
      : [];
  };
  const asked = { ...study({ widths: [8, 16, 128, 512, 64] }), streams };
  const searched = ["32×1", "32×1", "32×1"];
  const studied = ["8×100", "16×100", "32×100", "128×100", "512×100"];
  expect(sweepOf(asked).map(after)).toEqual(
    [0, 1, 3, 4, 5].map((before) => [...searched, ...studied.slice(0, before)]),
  );
  expect(sweepOf(asked).map(({ point }) => point.seed)).toEqual(Array(5).fill(null));
  expect(after(sweepOf({ ...study({ widths: [], hidden: [8, 8] }), streams })[0])).toHaveLength(8);
  expect(
    [0.1, 0.01, 0.02, 0.04].map((rate) => after(searchTrial(asked, DATASET_SIZES, rate))),
  ).toEqual([0, 1, 2, 3].map((before) => searched.slice(0, before)));
});

test("the sweep asks for all of its trials until each is found, and answers in their order", () => {
  const plan = sweepPlan(study({ widths: [16, 8], seeds: [5, 3] }), DATASET_SIZES, 0.005);
  const of = ({ point }: PlannedTrial) => record(widthOf({ point }), [], { seed: point.seed ?? 0 });
  const points = [16, 8].flatMap((width) => [5, 3].map((seed) => ({ values: { width }, seed })));
  const next = plan((planned) => (planned.point.seed === 5 ? of(planned) : undefined));
  expect(next).toMatchObject({ trials: points.map((point) => ({ point })), expected: [] });
  expect(plan(of)).toMatchObject({ answer: points.map((point) => ({ point })) });
});

test("the sweep asks for every width, and within it for every seed", () => {
  const planned = sweepOf(study({ widths: [16, 8], seeds: [5, 3], hidden: [4, "width"] }));
  expect(planned.map(({ point }) => [point.values.width, point.seed])).toEqual([
    [16, 5],
    [16, 3],
    [8, 5],
    [8, 3],
  ]);
  expect(planned.map(hiddenOf)).toEqual([
    [4, 16],
    [4, 16],
    [4, 8],
    [4, 8],
  ]);
});

test("the search asks for one pass at its width with the first seed", () => {
  const asked = study({ widths: [8], seeds: [5, 3], hidden: ["width", 4] });
  const planned = searchTrial(asked, DATASET_SIZES, 0.1);
  expect([
    hiddenOf(planned),
    planned.point.values.width,
    planned.point.seed,
    planned.trial.passes,
  ]).toEqual([[32, 4], 32, 5, 1]);
  expect(planned.trial.specification.streams).toEqual({ kind: "named", study_seed: 0, seed: 5 });
  expect(planned.trial.specification.training.learning_rate).toBe(0.1);
});

test("without a swept width, the search and the sweep train the layers as they are", () => {
  for (const [hidden, width] of [
    [[64], 64],
    [[48, 16], 48],
    [[], 0],
  ] as const) {
    const asked = study({ widths: [], hidden });
    const planned = [...sweepOf(asked), searchTrial(asked, DATASET_SIZES, 0.1)];
    expect(planned.map(hiddenOf)).toEqual([hidden, hidden]);
    expect(planned.map(widthOf)).toEqual([width, width]);
  }
});

test("a study is swept where one of its questions needs it, and where it names none", () => {
  const homework = study({ widths: [8] });
  const asked = { ...homework, ask: [{ name: "learning-rate-search" }] };
  const plan = studyPlan(asked, DATASET_SIZES, CATALOGUE);
  expect(plan(() => undefined)).toEqual({
    answer: { search: null, learning_rate: 0.005, outcomes: [] },
  });
  const swept = { ...asked, ask: [...asked.ask, { name: "learning-curves" }] };
  const needs = [asked, swept, homework].map((one) => needsSweep(one, CATALOGUE));
  expect(needs).toEqual([false, true, true]);
});
