import { describe, expect, test } from "vitest";
import { chained, parametersOf, recordOf, update } from "../../test/support/updates.ts";
import { sha256 } from "../base/sha256.node.ts";
import { areWeightsOf, firstDifference } from "./compare.ts";
import type { TrialRecord } from "./record.ts";

/** A trial of `passes` passes that was another one from pass `other` on. */
function changed(passes: number, other: number): TrialRecord {
  const [record, foreign] = [recordOf(passes), recordOf(passes, 9)];
  const trajectory = [
    ...record.trajectory.slice(0, other),
    ...foreign.trajectory.slice(other, passes + 1),
  ];
  return { ...record, trajectory, fingerprint: foreign.fingerprint };
}

/** One that diverged after `passes` whole passes. */
function diverged(passes: number, step = 7): TrialRecord {
  const ending = { kind: "diverged", pass: passes + 1, step } as const;
  return { ...recordOf(passes), ending, fingerprint: `${passes}${step}`.repeat(32) };
}

describe("the first difference", () => {
  test.each<[string, TrialRecord, TrialRecord, number | null]>([
    ["of the same", recordOf(4), recordOf(4), null],
    ["of more passes", recordOf(4), recordOf(6), null],
    ["from the start", recordOf(4), changed(4, 0), 0],
    ["from pass 3", recordOf(4), changed(6, 3), 3],
    ["from the last pass", recordOf(4), changed(4, 4), 4],
    ["after the last pass of one", recordOf(4), changed(6, 5), null],
    ["of the same divergence", diverged(3), diverged(3), null],
    ["of a divergence that only one met", diverged(3), recordOf(5), 4],
    ["of a divergence that one did not come to", diverged(3), recordOf(3), null],
    ["of divergences in other steps", diverged(3), diverged(3, 8), 4],
    ["of divergences in other passes", diverged(3), diverged(5), 4],
    ["before a divergence", diverged(4), changed(6, 2), 2],
  ])("%s", (_, one, other, pass) => {
    expect(firstDifference(one, other)).toBe(pass);
    expect(firstDifference(other, one)).toBe(pass);
  });
});

test("weights are those of their pass alone", () => {
  const { key, rows, fingerprint } = chained(3, 3);
  const trajectory = rows.map(({ evaluation }) => evaluation);
  const record = { ...recordOf(3), key, trajectory, fingerprint };
  const checkpoint = (pass: number, weights: number) => ({
    ...update(0, pass).checkpoint,
    parameters: parametersOf(weights),
  });
  for (const pass of [0, 1, 2, 3])
    for (const weights of [0, 1, 2, 3])
      expect(areWeightsOf(record, checkpoint(pass, weights), sha256)).toBe(weights === pass);
});

test("an optimizer's state is that of its pass alone: of 0 before the first", () => {
  const v = (fill: number) => ({
    weights: [new Float32Array(6).fill(fill), new Float32Array(4).fill(fill)],
    biases: [new Float32Array(2).fill(fill), new Float32Array(2).fill(fill)],
  });
  const { key, rows, fingerprint } = chained(2, 3, [v(1), v(0)]);
  const trajectory = rows.map(({ evaluation }) => evaluation);
  const record = { ...recordOf(2), key, trajectory, fingerprint };
  const holds = (pass: number, ...state: ReturnType<typeof v>[]) =>
    areWeightsOf(record, { ...update(0, pass).checkpoint, state }, sha256);
  expect([holds(2, v(1), v(0)), holds(1, v(1), v(0)), holds(0, v(0), v(0))]).toEqual(
    Array(3).fill(true),
  );
  expect([holds(2), holds(2, v(1)), holds(2, v(0), v(1)), holds(2, v(1), v(1))]).toEqual(
    Array(4).fill(false),
  );
  expect(holds(0, v(1))).toBe(false);
});
