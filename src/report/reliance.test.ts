// What the report says of seeds and rounding, and where it sends to the replay.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { timedOutcome } from "../../test/support/outcomes.ts";
import {
  HOMEWORK,
  fixedNetwork,
  found,
  homeworkResult,
  timedSeeds,
} from "../../test/support/results.ts";
import type { StudyResult } from "../study/result.ts";
import { reliance } from "./reliance.ts";

const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

const said = (result: StudyResult) => JSON.stringify(reliance(found(result)));

const notebooks = (byWidth: Readonly<Record<number, number | null>>, passes = 100): StudyResult => {
  const outcomes = Object.entries(byWidth).map(([width, at]) =>
    timedOutcome(Number(width), at, { passes }),
  );
  const study = { ...HOMEWORK, training: { ...HOMEWORK.training, passes } };
  return { ...homeworkResult(outcomes), study };
};

test("gives the README's number of what rounding does", () => {
  expect(README).toMatch(/\| 32 +\| 20 of 20 +\| 52 to 70, /);
  for (const result of [notebooks({ 32: 55 }), fixedNetwork([64], 5), timedSeeds({ 8: [1, 2] })]) {
    expect(said(result)).toContain("width 32 interpolates between 52 and 70.");
  }
});

test("and of no data but those it was measured on", () => {
  const { study, ...result } = fixedNetwork([64], 5);
  const other = { ...study, dataset: { name: "mnist-1d", examples: 4000 } };
  expect(said({ study: other, ...result })).not.toContain("FashionMNIST");
});

test("where rounding was measured, says that instead", () => {
  const told = said({ ...timedSeeds({ 8: [1, 2] }), perturbed: [] });
  expect(told).toContain("was measured, above");
  expect(told).not.toContain("trained once");
});

describe("sends to the replay where that measures the answer", () => {
  const replay = "widthwise replay --ensemble 20";
  const seeds = '{"code":"--seeds 0..9"}';

  test.each([
    ["a width of the notebook's", notebooks({ 8: null, 32: 55 })],
    ["no width of the notebook's", notebooks({ 8: null, 16: null })],
    ["beside a width that it has not, which is not the answer", notebooks({ 32: 55, 64: 50 })],
    ["the last pass that it made", notebooks({ 32: 100 }, 200)],
  ])("%s", (_, result) => {
    expect(said(result)).toContain(replay);
    expect(said(result)).not.toContain(seeds);
  });

  test.each([
    ["a width that the notebook has not", notebooks({ 8: null, 24: 90, 32: 55 })],
    ["no width, and one of them is none of the notebook's", notebooks({ 8: null, 24: null })],
    ["a later pass than the notebook's last", notebooks({ 32: 101 }, 200)],
    ["never, within more passes", notebooks({ 8: null }, 200)],
    ["another setting", { ...notebooks({ 32: 55 }), learning_rate: 0.01 }],
    ["other streams", fixedNetwork([32], 55)],
  ])("and else to seeds: %s", (_, result) => {
    expect(said(result)).not.toContain("replay");
    expect(said(result)).toContain(seeds);
  });
});

test("says what the answer is that one seed stands behind", () => {
  const claim = (result: StudyResult) => /behind “(.*?)”/.exec(said(result))?.[1];
  expect(claim(notebooks({ 8: null, 32: 55 }))).toBe("width 32 interpolates at pass 55");
  expect(claim(notebooks({ 8: null, 32: null }))).toBe("no width interpolates");
  expect(claim(notebooks({ 8: null }))).toBe("width 8 does not interpolate");
  expect(claim(fixedNetwork([64, 32], 7))).toBe(
    "the network with hidden layers 64, 32 interpolates at pass 7",
  );
  const unclaimed = { ...found(notebooks({ 8: null })), answers: new Map([["silent", {}]]) };
  expect(reliance(unclaimed)[0]).toEqual({
    strong: "One seed and one rounding stand behind these answers.",
  });
});

test("of several seeds says that their spread has the rounding in it", () => {
  const text = said(timedSeeds({ 8: [1, 2] }));
  expect(text).toContain("Each seed above was trained once");
  expect(text).toContain("The spread over the seeds includes what rounding does here");
  expect(text).not.toMatch(/One seed|replay/);
  // The first of them is there so far.
  const { outcomes, ...asked } = timedSeeds({ 8: [1, 2] });
  expect(said({ ...asked, outcomes: outcomes.slice(0, 1) })).toBe(text);
});
