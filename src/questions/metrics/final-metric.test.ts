// `final-metric` over made-up outcomes, and what it is refused of.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { expectGolden } from "../../../test/support/golden.ts";
import { outcome, type Row } from "../../../test/support/outcomes.ts";
import { found, HOMEWORK, homeworkResult } from "../../../test/support/results.ts";
import type { Outcome } from "../../analysis/outcome.ts";
import { parseStudy } from "../../study/language/parse.ts";
import type { AxisValue } from "../../study/spec.ts";
import type { Text } from "../../document/document.ts";
import { CATALOGUE } from "../catalogue.ts";

interface Made {
  readonly ask: Readonly<Record<string, unknown>>;
  readonly passes?: number;
  readonly paths?: Readonly<Record<string, readonly AxisValue[]>>;
}

/** Trials whose last row has this test error and test loss. */
function trial(width: number, seed: number, error: number, loss: number, right = true): Outcome {
  const rows: Row[] = [
    [2.3, 0.1, 2.3, 0.1],
    [0.1, right ? 1 : 0.9, loss, 1 - error],
  ];
  return outcome(width, rows, { seed });
}

function answerOf(outcomes: readonly Outcome[], { ask, paths }: Made) {
  const widths = [...new Set(outcomes.map(({ point }) => Number(point.values.width)))];
  const seeds = [...new Set(outcomes.map(({ point }) => point.seed ?? 0))];
  const answers = found({
    ...homeworkResult(outcomes),
    ...{ search: null, learning_rate: 0.1 },
    study: {
      ...HOMEWORK,
      training: { ...HOMEWORK.training, learning_rate: 0.1, passes: 1 },
      sweep: { width: widths, ...(paths && { paths }) },
      streams: { kind: "named", study_seed: 0, seeds },
      ask: [{ name: "final-metric", ...ask }],
    },
  }).answers.get("final-metric");
  if (answers === undefined) throw new Error("not answered");
  return answers;
}

const near = (value: number): unknown => expect.closeTo(value);
const plain = (text: Text) =>
  text
    .map((part) => (typeof part === "string" ? part : "strong" in part ? part.strong : ""))
    .join("");
const said = (...args: Parameters<typeof answerOf>) =>
  answerOf(...args).sentences?.map(plain) ?? [];

const WIDTHS = [2, 8, 16, 47, 300];
const ERRORS = [0.75, 0.6, 0.47, 0.54, 0.45];
/** Each seed has a level of its own; width 16 does not interpolate. */
const PEAKED = WIDTHS.flatMap((width, place) =>
  [0, 1, 2, 3, 4, 5].map((seed) =>
    trial(width, seed, ERRORS[place] + seed / 100, place === 3 ? 4 : 1, place > 2),
  ),
);

test("a peak is told apart from what is largest, with intervals over seeds", () => {
  expect(said(PEAKED, { ask: { of: "test_error" } })).toEqual([
    "Test error at the end: a peak of 56.50% (54.50% … 58.50%) at width 47 (47 … 47), 7.00 (7.00 … 7.00) percentage points above the lowest value on either side; the largest is 77.50% (75.50% … 79.50%) at width 2 (2 … 2), the smallest 47.50% (45.50% … 49.50%) at width 300 (300 … 300); from width 2 to 300 it changes by −30.00 (−30.00 … −30.00) percentage points on average.",
    "In brackets stand 95 % percentile intervals over 2,000 draws of the 6 seeds, paired between points, which share them; after a change from end to end, Student's 95 % interval of its mean.",
    "How far a peak rises is measured in some seeds at the place where the other seeds peak, because the highest of several points stands out by chance alone.",
  ]);
});

test("summary.json has its numbers at paths that a claim can name", () => {
  const { summary } = answerOf(PEAKED, { ask: { of: "test_error" } });
  const by = "95 % percentile bootstrap over 6 seeds";
  expect(summary).toMatchObject({
    final_metric: {
      ...{ of: "test_error", at: "end", against: "width" },
      points: {
        47: {
          value: near(0.565),
          by: "95 % interval between order statistics of 6 seeds",
        },
      },
      peak: {
        at: { value: 47, interval: [47, 47], by },
        value: { value: near(0.565), by },
        rise: { value: near(0.07), by },
      },
      largest: { at: { value: 2 } },
      smallest: { at: { value: 300 } },
      interior: 0,
      change: { value: near(-0.3) },
      threshold: 47,
    },
  });
  const both = answerOf(PEAKED, { ask: { of: ["test_error", "test_loss"] } });
  expect(both.summary).toMatchObject({
    final_metric: { test_error: { threshold: 47 }, test_loss: { peak: { value: { value: 4 } } } },
  });
  expect(both.draw?.("paper").map(({ name }) => name)).toEqual([
    "final-metric-test-error",
    "final-metric-test-loss",
  ]);
});

test("one seed has no interval", () => {
  const alone = PEAKED.filter(({ point }) => point.seed === 0);
  const { sentences = [], summary } = answerOf(alone, { ask: { of: "test_error" } });
  expect(sentences.map(plain)).toEqual([
    "Test error at the end: a peak of 54.00% at width 47, 7.00 percentage points above the lowest value on either side; the largest is 75.00% at width 2, the smallest 45.00% at width 300.",
  ]);
  expect(summary).toMatchObject({
    final_metric: { peak: { at: { interval: null, by: "1 seed" } }, change: null, interior: null },
  });
});

test("where it only falls there is no peak", () => {
  const falling = PEAKED.filter(({ point }) => point.values.width !== 47);
  const { sentences = [], facts } = answerOf(falling, { ask: { of: "test_error" } });
  expect(plain(sentences[0])).toMatch(
    /^Test error at the end: no peak between the ends; the largest/,
  );
  expect(facts?.map(({ name, note }) => [name, note])).toEqual([
    [
      "smallest of test error at the end",
      "at width 300; 45.50% … 49.50%: 95 % percentile bootstrap over 6 seeds",
    ],
  ]);
  expect(sentences.map(plain).join()).not.toMatch(/How far a peak/);
});

describe("at interpolation", () => {
  const ask = { of: "test_error", at: "interpolation" };

  test("trials that never come there are kept, and leave a point without a value", () => {
    const [sentence, , never] = said(PEAKED, { ask });
    expect(sentence).toContain("the largest is 56.50%");
    expect(never).toBe(
      "18 of 30 trials never interpolate within 1 pass: they count as larger than any, so that a point of which half never do has no value.",
    );
    const { summary, draw } = answerOf(PEAKED, { ask });
    expect(summary).toMatchObject({
      final_metric: { points: { 16: { value: null, interval: [null, null] } }, change: null },
    });
    expect(draw?.("paper")[0].caption).toContain("3 points without a finite median are left out.");
  });

  test("where none does, no point has a value, and nothing is drawn", () => {
    const never = PEAKED.filter(({ point }) => Number(point.values.width) < 20);
    const { sentences = [], summary, draw } = answerOf(never, { ask });
    expect(plain(sentences[0])).toBe("Test error at interpolation: no point has a value.");
    expect(summary).toMatchObject({ final_metric: { peak: null, largest: null, threshold: null } });
    expect(draw).toBeUndefined();
  });
});

describe("a trial that diverged", () => {
  const divergedFrom = (least: number) =>
    PEAKED.map((one) =>
      Number(one.point.values.width) >= least
        ? {
            ...one,
            record: { ...one.record, ending: { kind: "diverged", pass: 2, step: 1 } } as const,
          }
        : one,
    );
  const table = (answer: ReturnType<typeof answerOf>) => {
    const [block] = answer.section?.blocks ?? [];
    if (block.kind !== "table") throw new Error("no table");
    return block.rows.map((row) => row.slice(1).map(plain));
  };
  const ask = { of: ["test_error", "test_accuracy", "test_loss"] };

  test("is worse than any", () => {
    const diverged = divergedFrom(300);
    const said = answerOf(diverged, { ask: { of: "test_error" } }).sentences?.map(plain) ?? [];
    expect(said[0]).toContain("the smallest 49.50% (47.50% … 51.50%) at width 16 (16 … 16).");
    expect(said.at(-1)).toBe("6 of 30 trials diverged: they count as worse than any that did not.");
    const answer = answerOf(diverged, { ask });
    expect(table(answer)[4]).toEqual(["diverged", "diverged", "diverged"]);
    expect(table(answer)[3][0]).toBe("56.50% (54.00% … 59.00%)");
    expect(answer.draw?.("paper")).toHaveLength(3);
  });

  test("where each did, there is no value, and nothing is drawn", () => {
    const { sentences, section, draw, facts } = answerOf(divergedFrom(0), {
      ask: { of: "test_error" },
    });
    expect(sentences?.map(plain)).toEqual([
      "Test error at the end: no point has a value, as every trial diverged.",
    ]);
    expect([section?.blocks.length, facts, draw]).toEqual([1, [], undefined]);
  });

  test("of a loss that is not finite without it, that is said", () => {
    const endless = PEAKED.map((one) => {
      const trajectory = one.record.trajectory.map((row) => ({
        ...row,
        test: { ...row.test, objective: Infinity },
      }));
      return { ...one, record: { ...one.record, trajectory } };
    });
    expect(table(answerOf(endless, { ask }))[0]).toEqual([
      "77.50% (75.00% … 80.00%)",
      "22.50% (20.00% … 25.00%)",
      "∞",
    ]);
  });
});

test("losses have a unit where there is one", () => {
  const captionOf = (of: string) => {
    const [block] = answerOf(PEAKED, { ask: { of } }).section?.blocks ?? [];
    return block.kind === "table" ? block.caption : "";
  };
  expect(captionOf("test_loss")).toContain("; losses in nats");
  expect(captionOf("test_error")).not.toContain("losses");
});

describe("lines", () => {
  const axis = "dataset.label_noise";
  const crossed = (values: readonly (number | string)[]) =>
    values.flatMap((value, place) =>
      PEAKED.map(({ point, record }) => ({
        record,
        point: {
          ...point,
          values: { width: Number(point.values.width) * (place + 1), [axis]: value },
        },
      })),
    );

  test("each combination of what else is swept has one", () => {
    const {
      sentences = [],
      summary,
      draw,
    } = answerOf(crossed([0, 0.2]), {
      ...{ ask: { of: "test_error" }, paths: { [axis]: [0, 0.2] } },
    });
    expect(sentences.slice(0, 2).map((text) => plain(text).slice(0, 60))).toEqual(
      [
        "Test error at the end, label noise 0: a peak of 56.50% (54.50",
        "Test error at the end, label noise 0.2: a peak of 56.50% (54.",
      ].map((start) => start.slice(0, 60)),
    );
    expect(summary).toMatchObject({
      final_metric: { lines: { "dataset.label_noise=0.2": { peak: { at: { value: 94 } } } } },
    });
    const svg = draw?.("paper")[0].svg ?? "";
    expect(svg).toContain(">94<");
    expect(svg).not.toContain("94: label noise");
  });

  test("of many it is told how many peak", () => {
    const values = Array.from({ length: 13 }, (_, i) => i / 100);
    const [sentence] = said(crossed(values), {
      ask: { of: "test_error" },
      paths: { [axis]: values },
    });
    expect(sentence).toBe("Test error at the end: 13 of 13 lines have a peak between their ends.");
  });

  test("words stand as categories, and have no interval of their place", () => {
    const words = ["relu", "tanh", "square"];
    const outcomes = words.flatMap((word, place) =>
      [0, 1, 2, 3, 4].map((seed) => {
        const { point, record } = trial(8, seed, place === 1 ? 0.5 : 0.4, 1);
        return {
          record,
          point: { ...point, values: { ...point.values, "model.activation": word } },
        };
      }),
    );
    const made = {
      ask: { of: "test_error", against: "model.activation" },
      paths: { "model.activation": words },
    };
    expect(said(outcomes, made)[0]).toContain(
      "a peak of 50.00% (50.00% … 50.00%) at activation tanh, ",
    );
    expect(answerOf(outcomes, made).summary).toMatchObject({
      final_metric: { peak: { at: { value: "tanh", interval: null } }, threshold: null },
    });
  });
});

test("the example is one", () => {
  const page = readFileSync(new URL("../../../docs/questions.md", import.meta.url), "utf8");
  const [, section] = page.split("## A metric against an axis");
  const [yaml] = section.split("```yaml\n")[1].split("```");
  expect(yaml.trim().split("\n").length).toBeLessThanOrEqual(12);
  expect(parseStudy(yaml, "m.yaml", CATALOGUE).ask?.[0].of).toEqual(["test_error", "test_loss"]);
});

test("its figure is as it was", () => {
  expectGolden("final-metric", answerOf(PEAKED, { ask: { of: "test_error" } }).draw?.("paper")[0]);
});

describe("a study that cannot answer it is refused", () => {
  const study = (asked: string, more = "sweep: { width: [2, 8] }", hidden = "[width]") => `
name: t
question: "?"
dataset: { name: mnist-1d, examples: 100 }
model: { hidden: ${hidden}, init_std: 0.1 }
training: { learning_rate: 0.1, passes: 5 }
streams: { kind: named, seeds: 0..2 }
${more}
ask: [{ name: final-metric, ${asked} }]
`;
  const parse = (...args: Parameters<typeof study>) =>
    parseStudy(study(...args), "t.yaml", CATALOGUE);

  test.each([
    ["of: tset_error", 'final-metric has no column "tset_error"; write train_loss or test_loss or'],
    ["of: tset_error", "or test_error; did you mean test_error?"],
    ["of: sharpness", "final-metric of sharpness needs its measurement; add it to measure"],
    ["of: [test_error, test_error]", "final-metric names test_error twice; write it once"],
    [
      "of: test_error, against: model.activation",
      "stands against model.activation, which is not swept; write against: width",
    ],
    ["of: test_error, at: start", 'expected end or best or worst or interpolation, got "start"'],
    ["of: []", "ask[0].of: expected at least one column, got an empty list"],
    ["of: test_error, oft: 3", "ask[0].oft: unknown key; did you mean of?"],
    [
      "of: 3",
      "expected a column, as in { name: final-metric, of: test_error }, or a list of them, got 3",
    ],
    [
      "at: end",
      "expected a column, as in { name: final-metric, of: test_error }, or a list of them",
    ],
  ])("%s", (asked, message) => {
    expect(() => parse(asked)).toThrow(message);
  });

  test("without an axis", () => {
    expect(() => parse("of: test_error", "", "[8]")).toThrow(
      "final-metric stands against an axis, and nothing is swept; sweep width, say",
    );
  });

  test("and with what it asks for it is not", () => {
    const measured = parse(
      "of: [test_error, sharpness]",
      "sweep: { width: [2, 8] }\nmeasure: [sharpness]",
    );
    expect(measured.ask).toEqual([{ name: "final-metric", of: ["test_error", "sharpness"] }]);
    expect(CATALOGUE.questions["final-metric"].figures(measured, "paper")).toEqual([
      "final-metric-test-error",
      "final-metric-sharpness",
    ]);
    parse(
      "of: test_error, against: model.activation",
      "sweep: { model.activation: [relu, tanh] }",
      "[8]",
    );
  });
});
