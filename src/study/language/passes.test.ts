// What a study may say of evaluations, of rules to stop by, and of the seeds of its search.

import { expect, test } from "vitest";
import { sha256 } from "../../base/sha256.node.ts";
import { CATALOGUE } from "../../questions/catalogue.ts";
import { DATASET_SIZES } from "../../../test/support/studies.ts";
import { sweepPlan } from "../plans/sweep.ts";
import { searchTrial } from "../plans/learning-rate.ts";
import { idOf } from "../result.ts";
import { parseStudy } from "./parse.ts";

const parsed = (lines = "") =>
  parseStudy(
    `name: a
question: b?
dataset: { name: fashion-mnist }
model: { hidden: [width], init_std: 0.1 }
training: { learning_rate: 0.1, passes: 9 }
sweep: { width: [2] }
${lines}`,
    "a.yaml",
    CATALOGUE,
  );
const id = (lines = "") => idOf(parsed(lines), DATASET_SIZES, sha256);

test.each([
  ["evaluate: every pass", undefined],
  ["evaluate: { every: 1 }", undefined],
  ["evaluate: { every: 10 }", { every: 10 }],
  ["evaluate: { log: 20 }", { log: 20 }],
])("%s", (line, evaluate) => {
  expect(parsed(line).evaluate).toEqual(evaluate);
  expect("evaluate" in parsed(line)).toBe(evaluate !== undefined);
  expect(id(line) === id()).toBe(evaluate === undefined);
  const next = sweepPlan(parsed(line), DATASET_SIZES, 0.1)(() => undefined);
  const { trial } =
    "trials" in next ? [...next.trials][0] : searchTrial(parsed(), DATASET_SIZES, 1);
  expect("evaluate" in trial.specification).toBe(evaluate !== undefined);
  expect(trial.specification.evaluate).toEqual(evaluate);
});

test("rules to stop by are the study's and its sweep's trials', and no specification has them", () => {
  const line = "stop: { after_interpolation: 5, train_loss_below: 1.0e-3 }";
  const study = parsed(line);
  expect(study.stop).toEqual({ after_interpolation: 5, train_loss_below: 0.001 });
  expect(parsed("stop: { after_interpolation: 0 }").stop).toEqual({ after_interpolation: 0 });
  expect("stop" in parsed()).toBe(false);
  expect(id(line)).not.toBe(id());
  expect(id(line)).not.toBe(id("stop: { after_interpolation: 5 }"));
  const planned = (of: typeof study) => {
    const next = sweepPlan(of, DATASET_SIZES, 0.1)(() => undefined);
    return "trials" in next ? [...next.trials][0].trial : null;
  };
  expect(planned(study)?.stop).toEqual(study.stop);
  expect(planned(study)?.specification).toEqual(planned(parsed())?.specification);
  expect(searchTrial(study, DATASET_SIZES, 0.1).trial.stop).toBeUndefined();
});

test.each([
  [
    "evaluate: often",
    'a.yaml:7:11 evaluate: expected "every pass", {every: 10} or {log: 20}, got "often"',
  ],
  ["evaluate: { every: 0 }", "evaluate.every: expected an integer from 1 to 100000, got 0"],
  ["evaluate: { every: 2.5 }", "evaluate.every: expected an integer from 1 to 100000, got 2.5"],
  ["evaluate: { log: 1001 }", "evaluate.log: expected an integer from 1 to 1000, got 1001"],
  ["evaluate: { log: 2, every: 2 }", "evaluate.every: unknown key"],
  ["evaluate: {}", "evaluate.every: missing; expected an integer from 1 to 100000"],
  [
    "stop: {}",
    "stop: expected after_interpolation, train_loss_below, or both, got an empty mapping",
  ],
  ["stop: 5", "stop: expected a mapping with after_interpolation, train_loss_below, got 5"],
  ["stop: { after_interpolation: -1 }", "expected an integer from 0 to 100000, got -1"],
  ["stop: { train_loss_below: 0 }", "expected a positive number, got 0"],
])("%s is refused", (line, message) => {
  expect(() => parsed(line)).toThrow(message);
});

test.each([
  ["search: { seeds: first, rule: median }", {}],
  ["search: { seeds: all }", { seeds: "all" }],
  ["search: { seeds: all, rule: every }", { seeds: "all", rule: "every" }],
  // It decides nothing of one seed.
  ["search: { rule: every }", {}],
])("%s", (line, search) => {
  expect(parsed(line).search).toStrictEqual({ width: 32, factor: 0.5, ...search });
  expect(id(line) === id()).toBe(Object.keys(search).length === 0);
});
