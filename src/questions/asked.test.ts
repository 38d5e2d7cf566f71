// Which questions are answered of a study, and in which order.

import { expect, test } from "vitest";
import { timedOutcome } from "../../test/support/outcomes.ts";
import { HOMEWORK, found, homeworkResult } from "../../test/support/results.ts";
import { plain } from "../document/plain.ts";
import type { Study } from "../study/spec.ts";
import { pageSentences, reportFileNames, sentencesOf } from "./asked.ts";
import { CATALOGUE } from "./catalogue.ts";

const RESULT = homeworkResult([timedOutcome(8, 55)]);

test("the sharpness is asked for where it is measured and nothing is asked, and nowhere else", () => {
  const asked = (study: Partial<Study>) => {
    return [...found({ ...RESULT, study: { ...RESULT.study, ...study } }).answers.keys()];
  };
  expect(asked({ measure: ["margin", { sharpness: { examples: 9 } }] }).at(-1)).toBe("sharpness");
  expect(asked({ measure: ["margin"] })).not.toContain("sharpness");
  const ask = [{ name: "learning-curves" }];
  expect(asked({ measure: ["sharpness"], ask })).not.toContain("sharpness");
  const study: Study = { ...HOMEWORK, measure: ["sharpness"] };
  expect(reportFileNames(study, CATALOGUE, "paper")).toContain("sharpness-width.svg");
});

test("the search is answered first where it is not asked for, and once where it is", () => {
  const asked = (...names: string[]) => {
    const ask = names.map((name) => ({ name }));
    return [...found({ ...RESULT, study: { ...RESULT.study, ask } }).answers.keys()];
  };
  const [curves, search] = ["learning-curves", "learning-rate-search"];
  expect(asked(curves)).toEqual([search, curves]);
  expect(asked(curves, search)).toEqual([curves, search]);
  expect(asked(search)).toEqual([search]);
});

test("what answers hold under is told after all of them, once, and a page tells the rate after what was asked", () => {
  const stopped = { ...timedOutcome(8, 55), stopped: true as const };
  const study = { ...RESULT.study, stop: { after_interpolation: 5 } };
  const answered = found({ ...RESULT, study, outcomes: [stopped, timedOutcome(16, 41)] });
  const rule = "Width 8 was stopped by its rule (5 passes after interpolating)";
  const told = pageSentences(answered);
  expect(told[0]).toMatch(/^The smallest width that interpolates is 8/);
  expect(told.at(-2)).toContain("η* = 0.01");
  expect(told.findIndex((sentence) => sentence.startsWith(rule))).toBe(told.length - 1);
  const [rate, ...report] = sentencesOf(answered.answers.values()).map(plain);
  expect([...report.slice(0, -1), rate, ...report.slice(-1)]).toEqual(told);
});

test("a page, too, begins with divergence, and the medians of what diverged are told as such", () => {
  const ending = { kind: "diverged", pass: 2, step: 1 } as const;
  const outcomes = [0, 1].map((seed) => timedOutcome(8, null, { seed, ending }));
  const answered = found({ ...RESULT, outcomes });
  expect(pageSentences(answered)[0]).toBe(
    "2 of 2 trials diverged, at learning rate 0.005: their objective was no longer finite.",
  );
  const [table] = answered.answers.get("learning-curves")?.section?.blocks ?? [];
  const [row] = table.kind === "table" ? table.rows : [];
  expect(row.map(plain)).toEqual(["8", "diverged", "diverged", "diverged", "diverged"]);
});
