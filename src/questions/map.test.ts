// What a study that asks for a map may say, and what is told of one.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Outcome } from "../analysis/outcome.ts";
import { record, type Row } from "../../test/support/outcomes.ts";
import type { StudyResult } from "../study/result.ts";
import { map } from "./map.ts";
import { findingsOf } from "./question.ts";
import { parseStudy } from "../study/language/parse.ts";
import { written } from "../study/language/written.ts";
import * as schema from "../study/language/schema.ts";
import { CATALOGUE } from "./catalogue.ts";

const EMPTY = { id: "", fingerprint: "", search: null, learning_rate: 1 };

const parse = (text: string) => parseStudy(text, "m.yaml", CATALOGUE);
const RATES = "{ from: 0.001, to: 1, points: 4, scale: log }";
const studyOf = (sweep: string, ask: string, rate = "") => `
name: m
question: Where?
dataset: { name: mnist-1d, examples: 40 }
model: { hidden: [width], init_std: 0.3 }
training: { ${rate}passes: 3 }
sweep: ${sweep}
ask: [${ask}]
`;
const BOTH = `{ width: { from: 2, to: 8, points: 3 }, training.learning_rate: ${RATES} }`;

test("the example is one", () => {
  const page = readFileSync(new URL("../../docs/questions.md", import.meta.url), "utf8");
  const [, section] = page.split("## The map");
  const [, snippet] = section.split("```yaml\n");
  const [yaml] = snippet.split("```");
  expect(yaml.trim().split("\n").length).toBeLessThanOrEqual(12);
  expect(parse(yaml).ask).toEqual([{ name: "map", of: "trainable", refine: 4 }]);
});

test("its axes keep their ranges, with twelve digits, and read again they are the same", () => {
  const study = parse(studyOf(BOTH, "{ name: map, refine: 2 }"));
  expect(study.sweep).toEqual({
    width: [2, 5, 8],
    paths: { "training.learning_rate": [0.001, 0.01, 0.1, 1] },
    ranges: {
      width: { scale: "linear", from: 2, to: 8, points: 3 },
      "training.learning_rate": { scale: "log", from: 0.001, to: 1, points: 4 },
    },
  });
  expect(schema.study(CATALOGUE).parse(written(study))).toEqual(study);
  const odd = RATES.replace("points: 4", "points: 3").replace("0.001", "0.0012345678912345");
  const values = (ask: string) =>
    parse(studyOf(BOTH.replace(RATES, odd), ask)).sweep.paths?.["training.learning_rate"];
  expect(values("map")).toEqual([0.00123456789123, 0.0351364183039, 1]);
  expect(values("learning-curves")).toEqual([0.00123457, 0.0351364, 1]);
});

test("unrefined, other questions of the sweep are answered beside it", () => {
  expect(() => parse(studyOf(BOTH, "map, learning-curves"))).not.toThrow();
  const three = "{ width: [2, 4], model.activation: [relu, tanh] }";
  expect(() => parse(studyOf(three, "map", "learning_rate: 0.1, "))).not.toThrow();
});

describe("it is told", () => {
  const answerOf = (
    ask: string,
    of: (column: number, row: number) => Row,
    more: Partial<StudyResult> = {},
    isTrained: (column: number) => boolean = () => true,
  ) => {
    const study = parse(studyOf(BOTH, ask));
    const { width, paths = {} } = study.sweep;
    const rates = paths["training.learning_rate"].map(Number);
    const outcomes = width.flatMap((width, column) =>
      (isTrained(column) ? rates : []).map((rate, row): Outcome => {
        const made = record(width, [[2, 0.5, 2, 0.5], of(column, row)], { learning_rate: rate, seed: 0 }); // prettier-ignore
        return {
          point: { values: { width, "training.learning_rate": rate }, seed: 0 },
          record: made,
        };
      }),
    );
    const result = { ...EMPTY, study, outcomes, ...more } as unknown as StudyResult;
    const answered = map.answer(findingsOf(result), study.ask?.[0] ?? {});
    const told = (answered.sentences ?? []).map((text) =>
      text
        .map((part) => (typeof part === "string" ? part : "strong" in part ? part.strong : ""))
        .join(""),
    );
    return { ...answered, told };
  };

  test("as a class: its share, and what was trained", () => {
    const { told, summary, lines } = answerOf("map", (column, row) => [1, column + row > 3 ? 1 : 0.5, 1, 0.5]); // prettier-ignore
    expect(told).toEqual([
      "25.0 % of the map is interpolating.",
      "All 12 cells shown were trained.",
    ]);
    expect(lines).toEqual(["map: 25.0 % interpolating; 12 of 12 cells trained"]);
    expect(summary?.map).toEqual({
      ...{ x: "width", y: "training.learning_rate", of: "interpolates", refine: 0 },
      ...{ cells: { shown: 12, trained: 12 }, share: 0.25 },
    });
    const none = answerOf("map", () => [1, 0.5, 1, 0.5]);
    expect(none.told[0]).toBe("0.0 % of the map is interpolating.");
  });

  test("as long as it is not finished: how much was trained, and nothing that finer cells would change", () => {
    const unfinished = { isUnfinished: true } as const;
    for (const ask of ["map", "{ name: map, of: train_loss }"]) {
      const { told, facts, lines, section, summary } = answerOf(ask, () => [1, 1, 1, 0.5], unfinished, (column) => column < 2); // prettier-ignore
      expect(told).toEqual([
        "Of 12 cells shown 8 were trained so far, and the map is not finished; the others have the value of the coarser cell around them, or are grey where there is none (4).",
      ]);
      expect([facts, lines, section?.blocks]).toEqual([[], undefined, []]);
      expect(Object.keys(summary?.map as object)).toEqual(["x", "y", "of", "refine", "cells"]);
      expect(summary?.map).toMatchObject({ cells: { shown: 12, trained: 8 } });
    }
  });

  test("as numbers: the least and the largest, where they are, and where there is none", () => {
    const ask = "{ name: map, of: train_loss }";
    const { told, summary } = answerOf(ask, (column, row) => [row === 3 ? NaN : 1 + column + 10 * row, 0.5, 1, 0.5]); // prettier-ignore
    expect(told[0]).toBe(
      "Training loss: from 1 at width 2, learning rate 0.001 to 23 at width 8, learning rate 0.1. At 3 cells it is diverged.",
    );
    expect(summary?.map).toMatchObject({
      least: { value: 1, at: { width: 2, "training.learning_rate": 0.001 } },
      most: { value: 23, at: { width: 8, "training.learning_rate": 0.1 } },
    });
    expect(answerOf(ask, () => [NaN, 0.5, 1, 0.5]).told[0]).toBe(
      "No cell has a number: training loss is diverged everywhere.",
    );
  });
});

describe("it is refused", () => {
  const rate = "learning_rate: 0.1, ";
  test.each<[string, string, string, string, string]>([
    ["of one axis", "{ width: [2, 4] }", "map", rate, "8:7 ask[0]: map is drawn over two axes, of which this study has 1; sweep two"], // prettier-ignore
    ["of three", `{ width: [2, 4], training.learning_rate: [0.1, 1], dataset.label_noise: [0, 0.1] }`, "map", "", "has 3; sweep two"], // prettier-ignore
    ["of axes that turn together", "{ width: [2, 4], training.learning_rate: [0.1, 1], zip: [[width, training.learning_rate]] }", "map", "", "leave sweep.zip out"], // prettier-ignore
    ["over another axis", BOTH, "{ name: map, x: depth }", "", "map has width and training.learning_rate for its axes, which x: depth is none of; name one of them"], // prettier-ignore
    ["with one axis on both", BOTH, "{ name: map, x: width, y: width }", "", "map has width on both axes; name another one for y"], // prettier-ignore
    ["between the values of a list", "{ width: [2, 4], training.learning_rate: [0.1, 1] }", "{ name: map, refine: 1 }", "", "write sweep.width as {from, to, points, scale}, or leave refine out"], // prettier-ignore
    ["with too many points", BOTH, "{ name: map, refine: 9 }", "", "but training.learning_rate has 1537 after 9 halvings; take fewer points, or a smaller refine"], // prettier-ignore
    ["beside what a sweep answers", BOTH, "{ name: map, refine: 1 }, learning-curves", "", "ask[1]: this is answered from a sweep, which a refined map takes the place of"], // prettier-ignore
    ["with a rate that is searched", "{ width: { from: 2, to: 8, points: 3 }, model.init_std: { from: 0.1, to: 1, points: 3 } }", "{ name: map, refine: 1 }", "learning_rate: eta_star / 2, ", "map has no rate searched for what lies between its points"], // prettier-ignore
    ["of nothing that is known", BOTH, "{ name: map, of: loss }", "", "expected interpolates or trainable or diverged or "], // prettier-ignore
    ["asked twice, with another number", BOTH, "{ name: map, of: trainable }, { name: map, of: diverged }", "", "8:37 ask[1]: map is asked twice; ask it once, or in a study of its own"], // prettier-ignore
    ["refined too often", BOTH, "{ name: map, refine: 10 }", "", "expected an integer from 0 to 9, got 10"], // prettier-ignore
  ])("%s", (_, sweep, ask, rate, message) => {
    const text = studyOf(sweep, ask, rate).replace(
      "{ hidden: [width], init_std: 0.3 }",
      sweep.includes("init_std") ? "{ hidden: [width] }" : "$&",
    );
    expect(() => parse(text)).toThrow(message);
  });
});
