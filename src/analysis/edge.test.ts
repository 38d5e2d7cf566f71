// Sharpness beside its limit, on made-up trials.

import { expect, test } from "vitest";
import { outcome } from "../../test/support/outcomes.ts";
import type { TrialSpecification } from "../model/trial.ts";
import { limitOf, sharpnessPath } from "./edge.ts";
import type { Outcome } from "./outcome.ts";

type Training = Partial<TrialSpecification["training"]>;

function trial(values: readonly (number | null)[], training: Training = {}): Outcome {
  const one = outcome(
    8,
    values.map(() => [1, 0.5, 1, 0.5]),
    { learning_rate: 0.5 },
  );
  const { specification } = one.record;
  const changed = { ...specification, training: { ...specification.training, ...training } };
  const known = values.flatMap((value, pass) => (value === null ? [] : [[pass, value] as const]));
  return {
    ...one,
    record: { ...one.record, specification: changed },
    measured: new Map([["sharpness", new Map(known)]]),
  };
}

const limit = (training: Training, pass = 0) =>
  limitOf(trial([], training).record.specification, pass);

test("the limit is that of stability on a quadratic", () => {
  expect(limit({})).toBe(4);
  expect(limit({ optimizer: { kind: "sgd", momentum: 0.9 } })).toBeCloseTo(7.6, 14);
  expect(limit({ optimizer: { kind: "sgd", momentum: 0.9, nesterov: true } })).toBeCloseTo(
    7.6 / 2.8,
    14,
  );
  expect(
    limit({ optimizer: { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } }),
  ).toBeNull();
  expect(limit({ layer_rates: [1, 2] })).toBeNull();
  const schedule = { kind: "steps", at: [2], factor: 0.5 } as const;
  expect([1, 2].map((pass) => limit({ schedule }, pass))).toEqual([4, 8]);
});

/** Steps x ← x − η (λ x) + μ (x − before) neither grow nor fall exactly at the limit. */
test.each([
  ["plain", 0, false],
  ["momentum", 0.7, false],
  ["Nesterov's", 0.7, true],
] as const)("beyond it iterates grow, below it they fall: %s", (_, momentum, nesterov) => {
  const optimizer = { kind: "sgd", momentum, ...(nesterov && { nesterov }) } as const;
  const at = limit(momentum === 0 ? {} : { optimizer }) ?? NaN;
  const last = (curvature: number) => {
    let [x, velocity] = [1, 0];
    for (let step = 0; step < 4000; step++) {
      const gradient = curvature * x;
      velocity = momentum * velocity + gradient;
      x -= 0.5 * (nesterov ? gradient + momentum * velocity : velocity);
    }
    return Math.abs(x);
  };
  expect(last(0.99 * at)).toBeLessThan(0.1);
  expect(last(1.01 * at)).toBeGreaterThan(10);
});

test("it is reached at the first evaluation at or above it, and what comes later counts as near within a tenth", () => {
  const path = sharpnessPath(trial([1, 3.9, 4, 4.41, 4.39, null, 3.61, 3.59]), "sharpness");
  expect(path.rows.map(({ pass, sharpness, limit }) => [pass, sharpness, limit])).toEqual(
    [
      [0, 1],
      [1, 3.9],
      [2, 4],
      [3, 4.41],
      [4, 4.39],
      [6, 3.61],
      [7, 3.59],
    ].map((row) => [...row, 4]),
  );
  expect([path.reached, path.near]).toEqual([2, 0.5]);
  const last = sharpnessPath(trial([1, 5]), "sharpness");
  expect([last.reached, last.near]).toEqual([1, null]);
  expect(sharpnessPath(trial([1, 3.9]), "sharpness")).toMatchObject({ reached: null, near: null });
  expect(sharpnessPath(trial([9, NaN], { layer_rates: [2] }), "sharpness")).toEqual({
    ...{ rows: [{ pass: 0, sharpness: 9, limit: null }], reached: null, near: null },
  });
});

test("under a schedule the limit is that of the pass that was just trained", () => {
  const schedule = { kind: "steps", at: [2], factor: 0.5 } as const;
  const path = sharpnessPath(trial([1, 1, 5, 8], { schedule }), "sharpness");
  expect(path.rows.map((row) => row.limit)).toEqual([4, 4, 4, 8]);
  expect([path.reached, path.near]).toEqual([2, 1]);
});

test("what begins at or above its limit has reached it before training", () => {
  expect(sharpnessPath(trial([4, 4.2, 9]), "sharpness")).toMatchObject({ reached: 0, near: 0.5 });
});

test("before training the limit is the first pass's", () => {
  const schedule = { kind: "cosine", passes: 4 } as const;
  const path = sharpnessPath(trial([1, 1], { schedule }), "sharpness");
  expect(path.rows.map((row) => row.limit)).toEqual([4, 4]);
});
