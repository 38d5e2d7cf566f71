// What a study may say of measurements.

import { describe, expect, test } from "vitest";
import { HOMEWORK, problem } from "../../../test/support/study-text.ts";
import { parseStudy } from "./parse.ts";
import { CATALOGUE } from "../../questions/catalogue.ts";

describe("measurements", () => {
  test.each([
    ["[]", "measure: expected at least one measurement, got an empty list"],
    ["sharpness", 'measure: expected a list of measurements, got "sharpness"'],
    ["[sharpnes]", "measure[0]: expected sharpness or weight norms or distance or dead units"],
    ["[margin, margin]", "measure[1]: expected each measurement once, got margin twice"],
    ["[{sharpness: {examples: 0}}]", "measure[0].sharpness.examples: expected a positive integer"],
    ["[{sharpness: {example: 2}}]", "unknown key; did you mean examples?"],
    ["[{margin: {}}]", "measure[0].margin: unknown key"],
  ])("%s", (measure, message) => {
    expect(problem(`${HOMEWORK}\nmeasure: ${measure}\n`)).toContain(message);
  });

  test.each([
    ["{ hidden: [4], activation: tanh, init: he }", "units of tanh are never at rest"],
    ["{ hidden: [], init: he }", "a network without hidden layers has no units"],
  ])("dead units of %s", (model, message) => {
    const text = [
      "{name: a, question: b, dataset: {name: fashion-mnist}, training: {learning_rate: 1, passes: 1}",
      `model: ${model}, measure: [margin, dead units]}`,
    ].join(", ");
    expect(problem(text)).toContain(`measure[1]: ${message}`);
  });

  test("are read as they are written", () => {
    const text = `${HOMEWORK}\nmeasure: [sharpness, {sharpness: {examples: 512}}, weight norms]\n`;
    expect(parseStudy(text, "mine.yaml", CATALOGUE).measure).toEqual([
      "sharpness",
      { sharpness: { examples: 512 } },
      "weight norms",
    ]);
    expect(parseStudy(HOMEWORK, "mine.yaml", CATALOGUE)).not.toHaveProperty("measure");
  });
});
