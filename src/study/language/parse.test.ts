// What a text says is the study that it is read as.

import { describe, expect, test } from "vitest";
import { HOMEWORK, problem } from "../../../test/support/study-text.ts";
import { studyId } from "../../records/fingerprint.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { parseStudy } from "./parse.ts";
import { CATALOGUE } from "../../questions/catalogue.ts";

test("reads the homework", () => {
  expect(parseStudy(HOMEWORK, "homework.yaml", CATALOGUE)).toEqual({
    name: "homework",
    question: "Which width interpolates a tenth of FashionMNIST, and after how many passes?",
    dataset: { name: "fashion-mnist", fraction: 0.1 },
    model: { hidden: ["width"], init_std: 1e-6 },
    training: { learning_rate: "eta_star / 2", regularization: 0, passes: 100 },
    search: { width: 32, factor: 0.5 },
    sweep: { width: [8, 16, 32, 128, 512] },
    streams: { kind: "notebook", numpy_seed: 1, torch_seed: 0 },
  });
});

test("fills in the defaults", () => {
  const text = `
name: deep
question: Does depth help?
dataset: { name: fashion-mnist }
model: { hidden: [64, 32], init_std: 0.01 }
training: { learning_rate: 0.01, passes: 3 }
`;
  expect(parseStudy(text, "deep.yaml", CATALOGUE)).toEqual({
    name: "deep",
    question: "Does depth help?",
    dataset: { name: "fashion-mnist", fraction: 1 },
    model: { hidden: [64, 32], init_std: 0.01 },
    training: { learning_rate: 0.01, regularization: 0, passes: 3 },
    search: { width: 32, factor: 0.5 },
    sweep: { width: [] },
    streams: { kind: "named", study_seed: 0, seeds: [0] },
  });
});

test("gives the homework the shape that its id was made of", () => {
  // What every store that has the homework calls it: the SHA-256 of the canonical JSON of this study and of
  // FashionMNIST's digest, written down by hand.
  const digest = "4d8e31d2057f6f938ff47097ba334038e7aafbaf24b67665d2dd1ecda01730a3";
  expect(studyId(parseStudy(HOMEWORK, "homework.yaml", CATALOGUE), digest, sha256)).toBe(
    "7c61ed8f538860ead4b40356cb4f50637091e0273085aa3ddcfcc2f8cc272a5b",
  );
});

describe("the width of the search", () => {
  const fixed = (hidden: string, rate: string, search: string) => `
name: fixed
question: Which rate?
dataset: { name: fashion-mnist }
model: { hidden: ${hidden}, init_std: 0.01 }
training: { learning_rate: ${rate}, passes: 3 }
${search}
`;

  test("is refused where no hidden layer has it", () => {
    const message =
      "mine.yaml:7:18 search.width: no hidden layer has this width; the search trains the layers of model.hidden as they are, so leave search.width out";
    for (const hidden of ["[64]", "[64, 32]", "[]"]) {
      // The default too, since what is written is meant.
      for (const width of [16, 32]) {
        const search = `search: { width: ${width} }`;
        expect(problem(fixed(hidden, "eta_star / 2", search))).toBe(message);
      }
    }
  });

  test("is not asked for, and its default keeps its place in the study", () => {
    for (const search of ["", "search: { factor: 0.25 }"]) {
      const parsed = parseStudy(fixed("[64]", "eta_star / 2", search), "mine.yaml", CATALOGUE);
      expect(parsed.search).toEqual({ width: 32, factor: search === "" ? 0.5 : 0.25 });
    }
  });

  test("is unused, as all of the search, where the learning rate is a number", () => {
    const parsed = parseStudy(
      fixed("[64]", "0.01", "search: { width: 16 }"),
      "mine.yaml",
      CATALOGUE,
    );
    expect(parsed.search).toEqual({ width: 16, factor: 0.5 });
  });

  test("is the study's where a layer has it", () => {
    const search = "search: { width: 16 }\nsweep: { width: [8] }";
    const parsed = parseStudy(fixed("[width, 4]", "eta_star / 2", search), "mine.yaml", CATALOGUE);
    expect(parsed.search).toEqual({ width: 16, factor: 0.5 });
  });
});

test.each([
  ["0..3", [0, 1, 2, 3]],
  ["7..7", [7]],
  ["[3, 1, 4294967295]", [3, 1, 4294967295]],
])("reads seeds %s", (written, seeds) => {
  const text = HOMEWORK.replace(/kind: notebook[^]*/, `kind: named\n  seeds: ${written}\n`);
  expect(parseStudy(text, "mine.yaml", CATALOGUE).streams).toEqual({
    kind: "named",
    study_seed: 0,
    seeds,
  });
});

test("streams with seeds are named ones, whether they say so or not", () => {
  const streams = (text: string) =>
    parseStudy(HOMEWORK.replace(/streams:[^]*/, text), "a.yaml", CATALOGUE).streams;
  expect(streams("streams: { seeds: 0..2 }")).toEqual(
    streams("streams: { kind: named, seeds: 0..2 }"),
  );
  expect(streams("streams: { study_seed: 4 }")).toEqual({
    kind: "named",
    study_seed: 4,
    seeds: [0],
  });
});
