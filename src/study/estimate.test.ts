import { describe, expect, test } from "vitest";
import { DATASET_SIZES as dataset, study } from "../../test/support/studies.ts";
import {
  lineThrough,
  stepLine,
  stepMultiplyAdds,
  stepSeconds,
  type Calibration,
  type Costs,
  type MeasurementCosts,
} from "../kernel/cost.ts";
import type { MeasurementChoice } from "../measurements/table.ts";
import { estimate, shapesOf } from "./estimate.ts";
import { searchTrial } from "./plans/learning-rate.ts";
import { sweepPlan } from "./plans/sweep.ts";
import type { Study } from "./spec.ts";
import type { MissingTrial } from "./kept/remaining.ts";

/** 1 ns for a multiply-add of a step and 2 for one of an evaluation, beside 1 and 2 µs. */
const COSTS: Costs = {
  step: { fixed: 1e-6, perMultiplyAdd: 1e-9 },
  evaluation: { fixed: 2e-6, perMultiplyAdd: 2e-9 },
  keeping: { fixed: 0, perMultiplyAdd: 0 },
};

const CALIBRATION: Calibration = {
  alone: COSTS,
  allBusy: COSTS,
  start: 0,
  handover: 0,
  preparation: 0,
  measurements: new Map(),
};

const ADAM = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

function sweepOf(asked: Study, trained = 0): readonly MissingTrial[] {
  const next = sweepPlan(asked, dataset, 0.005)(() => undefined);
  return "trials" in next ? [...next.trials].map((planned) => ({ ...planned, trained })) : [];
}

function seconds(asked: Study, calibration: Partial<Calibration>, workers: number): number {
  const left = { search: [], sweep: sweepOf(asked) };
  return estimate(left, dataset, { ...CALIBRATION, ...calibration }, workers).seconds;
}

// 6000 of 60000 training examples and 10000 test examples of 784 values, 10 classes.
const STEP_8 = 1e-6 + 1e-9 * (2 * 784 * 8 + 3 * 8 * 10);
const EXAMPLE_8 = 2e-6 + 2e-9 * (784 * 8 + 8 * 10);
const TRAINING_8 = 100 * 6000 * STEP_8;
const EVALUATION_8 = 101 * 16_000 * EXAMPLE_8;

describe("time", () => {
  test("one worker: every step and every evaluation, pass 0's too", () => {
    expect(seconds(study({ widths: [8] }), {}, 1)).toBeCloseTo(TRAINING_8 + EVALUATION_8, 6);
  });

  test("counts steps of deeper networks by their multiply-adds", () => {
    const deep = study({ widths: [8], hidden: ["width", 4], passes: 0 });
    const example = 2e-6 + 2e-9 * (784 * 8 + 8 * 4 + 4 * 10);
    expect(seconds(deep, {}, 1)).toBeCloseTo(16_000 * example, 9);
    const trained = study({ widths: [8], hidden: ["width", 4], passes: 1 });
    const step = 1e-6 + 1e-9 * (2 * 784 * 8 + 3 * (8 * 4 + 4 * 10));
    expect(seconds(trained, {}, 1)).toBeCloseTo(2 * 16_000 * example + 6000 * step, 9);
  });

  test("counts steps by how they are made", () => {
    const plain = study({ widths: [8], passes: 1 });
    const optimizer = { kind: "sgd", momentum: 0.9 } as const;
    const stepped = { ...plain, training: { ...plain.training, optimizer, batch: 100 } };
    const step =
      1e-6 / 3 + 1e-9 * (0.85 * (2 * 784 * 8 + 3 * 8 * 10) + (2 * (784 * 8 + 8 * 10)) / 100);
    expect(seconds(stepped, {}, 1)).toBeCloseTo(2 * 16_000 * EXAMPLE_8 + 6000 * step, 9);
  });

  test("counts sharpness at each evaluation, on as many examples as it is asked of", () => {
    const asked = study({ widths: [8], passes: 1 });
    const left = { search: [], sweep: sweepOf(asked) };
    const costs: MeasurementCosts = {
      example: { fixed: 1e-6, perMultiplyAdd: 3e-9 },
      whole: { fixed: 1e-3, perMultiplyAdd: 4e-9 },
      first: 0.25,
    };
    const measurements = new Map([
      ["sharpness", costs],
      ["sharpness 500", costs],
    ]);
    const of = (...measure: MeasurementChoice[]) =>
      estimate(left, dataset, { ...CALIBRATION, measurements }, 1, measure).seconds;
    const each = (examples: number) =>
      1e-3 + 4e-9 * (784 * 8 + 8 * 10) + examples * (1e-6 + 3e-9 * (784 * 8 + 8 * 10));
    expect(of("sharpness") - of()).toBeCloseTo(0.25 + 2 * each(6000), 9);
    expect(of({ sharpness: { examples: 500 } }) - of()).toBeCloseTo(0.25 + 2 * each(500), 9);
    expect(of("margin")).toBe(of());
  });

  test("counts what is kept of each evaluated pass, the one before training too", () => {
    const keeping = { fixed: 1e-3, perMultiplyAdd: 1e-8 };
    const dear = { ...COSTS, keeping };
    const asked = study({ widths: [8] });
    const more = seconds(asked, { alone: dear, allBusy: dear }, 1) - seconds(asked, {}, 1);
    expect(more).toBeCloseTo(101 * (1e-3 + 1e-8 * (784 * 8 + 8 * 10)), 9);
  });

  test("many trials: the work is shared by the workers, at what it costs when all are busy", () => {
    const slow: Costs = {
      step: { fixed: 2e-6, perMultiplyAdd: 2e-9 },
      evaluation: { fixed: 4e-6, perMultiplyAdd: 4e-9 },
      keeping: COSTS.keeping,
    };
    const seeds = Array.from({ length: 10 }, (_, seed) => seed);
    expect(seconds(study({ widths: [8], seeds }), { allBusy: slow }, 2)).toBeCloseTo(
      (10 * 2 * (TRAINING_8 + EVALUATION_8)) / 2,
      6,
    );
  });

  test("one trial on many workers: its passes one after the other, and the last evaluation", () => {
    expect(seconds(study({ widths: [8] }), {}, 64)).toBeCloseTo(TRAINING_8 + 16_000 * EXAMPLE_8, 6);
  });

  test("passes that are kept cost nothing, and their evaluations neither", () => {
    const left = { search: [], sweep: sweepOf(study({ widths: [8] }), 75) };
    const { work } = estimate(left, dataset, CALIBRATION, 1);
    expect(work.training).toBeCloseTo(TRAINING_8 / 4, 9);
    expect(work.evaluation).toBeCloseTo((25 / 101) * EVALUATION_8, 9);
    const { seconds } = estimate(left, dataset, CALIBRATION, 64);
    expect(seconds).toBeCloseTo(TRAINING_8 / 4 + ((25 / 26) * EVALUATION_8) / 101, 6);
  });

  test.each([
    [[0], 1],
    [[0, 1], 1 + 2],
  ])("what a search has prepared, a sweep of the same subset finds: seeds %j", (seeds, subsets) => {
    const asked = study({ widths: [8], seeds });
    const probe = { ...searchTrial(asked, dataset, 0.1), trained: 0 };
    const left = { search: [probe, probe], sweep: sweepOf(asked) };
    const [slow, fast] = [1e-3, 0].map(
      (preparation) => estimate(left, dataset, { ...CALIBRATION, preparation }, 1).seconds,
    );
    expect(slow - fast).toBeCloseTo(16 * subsets, 6);
  });

  test("a search is made one rate after the other", () => {
    const asked = study({ widths: [8] });
    const probe = searchTrial({ ...asked, search: { width: 8, factor: 0.5 } }, dataset, 0.1);
    const left = { search: Array(3).fill({ ...probe, trained: 0 }) as MissingTrial[], sweep: [] };
    const { seconds, work } = estimate(left, dataset, CALIBRATION, 64);
    expect(seconds).toBeCloseTo(3 * (6000 * STEP_8 + 16_000 * EXAMPLE_8), 9);
    expect(work.training).toBeCloseTo(3 * 6000 * STEP_8, 9);
    expect(work.evaluation).toBeCloseTo(3 * 2 * 16_000 * EXAMPLE_8, 9);
  });

  test("calls are handed over, examples prepared once for a subset, workers started once", () => {
    const asked = (seeds: number[]) => study({ widths: [8, 16], seeds, passes: 1 });
    const difference = (study: Study, calibration: Partial<Calibration>) =>
      seconds(study, calibration, 1) - seconds(study, {}, 1);
    // A pass of training and two evaluations of two sets.
    expect(difference(asked([0]), { handover: 1 })).toBeCloseTo(2 * 5, 6);
    expect(difference(asked([0, 1]), { preparation: 1e-3 })).toBeCloseTo(4 * 16, 6);
    const all = { ...asked([0, 1]), dataset: { name: "fashion-mnist", fraction: 1 } } as const;
    expect(difference(all, { preparation: 1e-3 })).toBeCloseTo(70, 6);
    expect(difference(asked([0, 1]), { start: 3 })).toBeCloseTo(3, 6);
  });
});

test("a line goes through two points, and through one from the origin", () => {
  const point = (multiplyAdds: number, seconds: number) => ({ multiplyAdds, seconds });
  expect(lineThrough([point(100, 3), point(300, 7)])).toEqual({ fixed: 1, perMultiplyAdd: 0.02 });
  expect(lineThrough([point(100, 3)])).toEqual({ fixed: 0, perMultiplyAdd: 0.03 });
  expect(lineThrough([point(100, 3), point(300, 2)])).toEqual({
    fixed: 0,
    perMultiplyAdd: 2 / 300,
  });
});

test("steps cost what was measured, whatever they are measured by", () => {
  const shapes = [8, 128].map((width) => ({ inputs: 784, hidden: [width], classes: 10 }));
  for (const stepping of [{}, { batch: 32 }, { optimizer: ADAM }, { optimizer: ADAM, batch: 4 }]) {
    const points = shapes.map((shape, place) => ({
      multiplyAdds: stepMultiplyAdds(shape, stepping),
      seconds: [1e-6, 9e-6][place],
    }));
    const costs = { ...COSTS, step: stepLine(points, shapes[1], stepping) };
    for (const [place, shape] of shapes.entries())
      expect(stepSeconds(costs, shape, stepping)).toBeCloseTo(points[place].seconds, 15);
  }
});

test("each shape is measured once", () => {
  const shapes = shapesOf(sweepOf(study({ widths: [8, 16], seeds: [0, 1] })), dataset);
  expect(shapes).toEqual([8, 16].map((width) => ({ inputs: 784, hidden: [width], classes: 10 })));
});
