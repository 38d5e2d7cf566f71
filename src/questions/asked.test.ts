// Which questions are answered of a study, and in which order.

import { expect, test } from "vitest";
import { timedOutcome } from "../../test/support/outcomes.ts";
import { HOMEWORK, found, homeworkResult } from "../../test/support/results.ts";
import type { Study } from "../study/spec.ts";
import { reportFileNames } from "./asked.ts";
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
