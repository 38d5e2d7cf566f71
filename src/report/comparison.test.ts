// Two studies laid over each other, as it is told: to programs, in rows, in sentences, as files.

import { describe, expect, test } from "vitest";
import { expectGolden } from "../../test/support/golden.ts";
import { outcome, timedOutcome, type Row } from "../../test/support/outcomes.ts";
import { seedsResult } from "../../test/support/results.ts";
import type { Outcome } from "../analysis/outcome.ts";
import type { StudyResult } from "../study/result.ts";
import type { Study } from "../study/spec.ts";
import {
  COMPARISON_FILES,
  comparisonJson,
  comparisonOf,
  comparisonRows,
  comparisonSentences,
  renderComparison,
} from "./comparison.node.ts";

const SEEDS = [0, 1, 2, 3, 4, 5, 6];

/** Test accuracies by width, a seed each; at a rate of their own, so that no trial is that of another study. */
function study(
  name: string,
  byWidth: Readonly<Record<number, readonly number[]>>,
  learning_rate: number,
  changes: Partial<Study> = {},
): StudyResult {
  const outcomes = Object.entries(byWidth).flatMap(([width, accuracies]) =>
    accuracies.map((accuracy, seed) => {
      const rows: Row[] = [
        [2.3, 0.1, 2.3, 0.1],
        [0.5, 0.9, 1 - accuracy / 2, accuracy],
      ];
      return outcome(Number(width), rows, { seed, learning_rate });
    }),
  );
  return told(name, outcomes, learning_rate, changes);
}

function told(
  name: string,
  outcomes: readonly Outcome[],
  learning_rate: number,
  changes: Partial<Study> = {},
): StudyResult {
  const result = seedsResult(SEEDS.length, outcomes);
  const id = `${name}${"0".repeat(60)}`;
  return { ...result, id, learning_rate, study: { ...result.study, name, ...changes } };
}

const slow = study(
  "slow",
  { 8: SEEDS.map((seed) => 0.5 + seed / 100), 16: SEEDS.map((seed) => 0.6 + seed / 100) },
  0.01,
);
const fast = study(
  "fast",
  { 16: SEEDS.map((seed) => 0.7 + seed / 50), 8: SEEDS.map((seed) => 0.55 + seed / 100) },
  0.1,
);

describe("differences are of pairs where a seed draws the same in both", () => {
  const named = (study_seed: number) => ({ kind: "named", study_seed, seeds: SEEDS }) as const;
  const NOTEBOOK = { kind: "notebook", numpy_seed: 1, torch_seed: 0 } as const;
  test.each<[boolean, boolean, Study["streams"], Study["streams"]]>([
    [true, true, named(3), named(3)],
    [false, false, named(3), named(3)],
    [false, true, named(3), named(4)],
    [false, true, named(0), NOTEBOOK],
    [false, true, NOTEBOOK, named(0)],
    [false, true, NOTEBOOK, NOTEBOOK],
  ])("%s: same data %s, %j and %j", (paired, sameData, one, other) => {
    const [a, b] = [
      { ...slow, study: { ...slow.study, streams: one } },
      { ...fast, study: { ...fast.study, streams: other } },
    ];
    const comparison = comparisonOf(a, b, sameData);
    expect(comparison.paired).toBe(paired);
    expect(comparison.points[0].seeds.shared).toBe(paired ? 7 : 0);
  });
});

test("studies without a point in common are refused", () => {
  const wide = study("wide", { 64: [0.8] }, 0.1);
  expect(() => comparisonOf(slow, wide, true)).toThrow(
    "slow and wide have no point in common; compare studies that sweep the same axes over some of the same values",
  );
});

test("JSON has both studies, and each metric with its intervals and what they are", () => {
  const json = comparisonJson(comparisonOf(slow, fast, true));
  expect(json).toMatch(/^\{\n {2}"a": \{[^]*\}\n$/);
  const document = JSON.parse(json) as { points: { metrics: Record<string, object> }[] };
  expect(document).toMatchObject({
    a: { id: slow.id, name: "slow", fingerprint: slow.fingerprint },
    b: { id: fast.id, name: "fast", fingerprint: fast.fingerprint },
    paired: true,
  });
  expect(document.points.map((point) => ({ ...point, metrics: 0 }))).toEqual([
    { values: { width: 8 }, seeds: { a: 7, b: 7, shared: 7 }, same: 0, metrics: 0 },
    { values: { width: 16 }, seeds: { a: 7, b: 7, shared: 7 }, same: 0, metrics: 0 },
  ]);
  const by = "median, 95 % order statistics";
  const { test_accuracy, train_loss, passes_to_interpolation } = document.points[0].metrics;
  expect(test_accuracy).toEqual({
    a: { value: 0.53, interval: [0.5, 0.56], by },
    b: { value: 0.58, interval: [0.55, 0.61], by },
    difference: {
      value: expect.closeTo(0.05, 10) as number,
      interval: [expect.closeTo(0.05, 10), expect.closeTo(0.05, 10)],
      by: "median of differences, 95 % order statistics over 7 shared seeds",
    },
  });
  // All seeds have the same: nothing between them is to be told.
  expect(train_loss).toMatchObject({ a: { value: 0.5, interval: null, by } });
  // Never in both: no difference is known.
  expect(passes_to_interpolation).toEqual({
    a: { value: "Infinity", interval: null, by },
    b: { value: "Infinity", interval: null, by },
    difference: null,
  });
});

test("of few seeds an interval is their range", () => {
  const [a, b] = [0, 0.1].map((more) => study("few", { 8: [0.5 + more, 0.6 + more] }, more + 0.01));
  const json = comparisonJson(comparisonOf(a, b, true));
  const { points } = JSON.parse(json) as { points: { metrics: Record<string, object> }[] };
  expect(points[0].metrics.test_accuracy).toMatchObject({
    a: { value: 0.55, interval: [0.5, 0.6], by: "median, range of the seeds" },
  });
});

describe("rows", () => {
  test("have the point, the metric, both studies, and how much more the second has", () => {
    const rows = comparisonRows(comparisonOf(slow, fast, true));
    expect(rows).toHaveLength(1 + 2 * 4);
    expect(rows[0]).toEqual([
      "width",
      "compared",
      "median of slow",
      "median of fast",
      "median of fast − slow, seed by seed",
    ]);
    expect(rows[1]).toEqual([
      ...[
        "8",
        "test accuracy",
        "0.530 (0.500 … 0.560)",
        "0.580 (0.550 … 0.610)",
        "0.0500 (0.0500 … 0.0500)",
      ],
    ]);
    expect(rows[4]).toEqual(["8", "passes to interpolation", "never", "never", "not known"]);
    expect(rows[5].slice(0, 2)).toEqual(["16", "test accuracy"]);
  });

  const timed = (
    name: string,
    byWidth: Readonly<Record<number, readonly (number | null)[]>>,
    learning_rate: number,
  ) => {
    const outcomes = Object.entries(byWidth).flatMap(([width, at]) =>
      at.map((pass, seed) =>
        timedOutcome(Number(width), pass, { seed, learning_rate, passes: 90 }),
      ),
    );
    return told(name, outcomes, learning_rate);
  };

  test("have a column of what differences are where these vary", () => {
    const a = timed("a", { 8: [3, null, 40], 16: [9] }, 0.1);
    const b = timed("b", { 8: [5, 6, 7], 16: [8, 9, 10] }, 0.2);
    const comparison = comparisonOf(a, b, true);
    const rows = comparisonRows(comparison);
    expect(rows[0].slice(-4)).toEqual(["median of a", "median of b", "difference", "by"]);
    expect(comparisonSentences(comparison)).toEqual([
      expect.stringMatching(/^a and b share/),
      expect.stringMatching(/^They differ in/),
      expect.stringMatching(/^Differences are of seeds/),
    ]);
    expect(renderComparison(comparison).get("compare.md")).toContain(
      "| ---: | --- | ---: | ---: | ---: | --- |",
    );
    expect(rows.slice(1).map((row) => row.at(-1))).toEqual([
      ...Array<string>(4).fill("median of differences, range of 3 shared seeds"),
      ...Array<string>(4).fill("difference of the medians, as one seed alone is shared"),
    ]);
    expect(rows[4].slice(0, 5)).toEqual([
      ...["8", "passes to interpolation", "40 (3 … never)", "6 (5 … 7)", "−33 (−∞ … 2)"],
    ]);
  });

  test("of what is not known leave out its way", () => {
    const a = timed("a", { 8: [null, null], 16: [null, 3] }, 0.1);
    const b = timed("b", { 8: [null, null], 16: [4, 5] }, 0.2);
    const rows = comparisonRows(comparisonOf(a, b, true));
    expect(rows[0].at(-1)).toBe("median of b − a, seed by seed");
    expect(rows[4].at(-1)).toBe("not known");
    const [none, both] = [
      timed("none", { 8: [null] }, 0.3),
      timed("both", { 8: [null, null] }, 0.4),
    ];
    const unknown = comparisonRows(comparisonOf(none, both, true));
    expect(unknown[0].at(-1)).toBe("difference of the medians");
    expect(unknown.at(-1)?.at(-1)).toBe("not known");
  });

  test("of one seed each are no medians", () => {
    const comparison = comparisonOf(timed("a", { 8: [3] }, 0.1), timed("b", { 8: [5] }, 0.2), true);
    const rows = comparisonRows(comparison);
    expect(rows[0]).toEqual(["width", "compared", "a", "b", "b − a"]);
    expect(rows[4].slice(2)).toEqual(["3", "5", "2"]);
    expect(comparisonSentences(comparison).slice(2)).toEqual([
      "Differences are of the one seed that both have.",
      "The last column is the difference of one seed.",
    ]);
    expect(renderComparison(comparison).get("compare.md")).not.toContain("medians over seeds");
  });

  test("tell of a trial that diverged that it ends worse than any", () => {
    const ending = { kind: "diverged", pass: 3, step: 1 } as const;
    const diverged = outcome(8, [[2.3, 0.1, 3, 0.1]], { seed: 0, ending });
    const lost = told("lost", [diverged], 0.1);
    const comparison = comparisonOf(lost, timed("b", { 8: [5] }, 0.2), true);
    expect(comparisonRows(comparison).slice(1, 3)).toEqual([
      ["8", "test accuracy", "−∞", "0.800", "∞"],
      ["8", "test loss", "∞", "0.500", "−∞"],
    ]);
    const files = renderComparison(comparison);
    expect(JSON.parse(files.get("compare.json") as string)).toMatchObject({
      points: [
        {
          metrics: {
            test_accuracy: { a: { value: "-Infinity" }, difference: { value: "Infinity" } },
            test_loss: { a: { value: "Infinity" }, difference: { value: "-Infinity" } },
          },
        },
      ],
    });
    expect(files.get("compare.svg")).not.toMatch(/NaN|Infinity/);
    expect(files.get("compare.md")).toContain("1 point without a finite value is left out.");
  });

  test("of seeds of which some diverged leave bars that reach to the frame, and say which medians are not drawn", () => {
    const ending = { kind: "diverged", pass: 3, step: 1 } as const;
    const trials = (width: number, lost: number) =>
      SEEDS.map((seed) =>
        outcome(width, [[2.3, 0.1, 3, 0.5]], { seed, ...(seed < lost && { ending }) }),
      );
    const bars = (lost: number) => {
      const files = renderComparison(
        comparisonOf(told("some", [...trials(8, lost), ...trials(16, 4)], 0.1), fast, true),
      );
      expect(files.get("compare.md")).toContain("1 point without a finite median is left out.");
      return (files.get("compare.svg") as string).match(/<(line|path)/g)?.length;
    };
    expect(bars(1)).toBe(bars(0));
    // What is left out takes no room.
    const axis = (lost: number) => {
      const all = SEEDS.map((seed) =>
        outcome(8, [[2.3, 0.1, 3, 0.001]], { seed, ...(seed < lost && { ending }) }),
      );
      const files = renderComparison(comparisonOf(told("some", all, 0.1), fast, true));
      return (files.get("compare.svg") as string).includes(">0.1<");
    };
    expect(axis(4)).toBe(false);
    expect(axis(0)).toBe(true);
  });

  test("name each axis in which points differ", () => {
    const crossed = ({ outcomes, ...result }: StudyResult): StudyResult => ({
      ...result,
      outcomes: [0, 0.2].flatMap((share) =>
        outcomes.map(({ point, record }) => ({
          point: { ...point, values: { ...point.values, "dataset.label_noise": share } },
          record,
        })),
      ),
    });
    const comparison = comparisonOf(crossed(slow), crossed(fast), true);
    const rows = comparisonRows(comparison);
    expect(rows[0].slice(0, 3)).toEqual(["width", "label noise", "compared"]);
    expect(new Set(rows.slice(1).map(([width, noise]) => `${width} ${noise}`))).toEqual(
      new Set(["8 0", "8 0.2", "16 0", "16 0.2"]),
    );
    const files = renderComparison(comparison);
    const markdown = files.get("compare.md");
    expect(markdown).toContain("| ---: | ---: | --- | ---: | ---: | ---: |");
    expect(markdown).toContain("against width, label noise: medians over seeds");
    // By words, in the order of points.
    expect(files.get("compare.svg")).toContain("8, 0.2");
  });

  test("are of two names where both studies have one", () => {
    const again = { ...fast, study: { ...fast.study, name: "slow" } };
    const [header] = comparisonRows(comparisonOf(slow, { ...again, id: "abcdef0123" }, true));
    expect(header.slice(2, 4)).toEqual(["median of slow slow00", "median of slow abcdef"]);
  });
});

describe("sentences", () => {
  const sentences = (a: StudyResult, b: StudyResult, sameData = true) =>
    comparisonSentences(comparisonOf(a, b, sameData));

  test("say what is shared, in what the studies differ, and what a difference is", () => {
    const wider = study("wider", { 8: [0.5, 0.6], 32: [0.7, 0.8], 64: [0.7] }, 0.1);
    expect(sentences(slow, wider)).toEqual([
      "slow and wider share 1 point, of 2 and 3.",
      "They differ in training.learning_rate (0.01, 0.1).",
      "Differences are of seeds that both have, which draw the same examples and order in both; their median need not be the difference of the medians, which are of all seeds of each.",
      "The last column is the median of differences, range of 2 shared seeds.",
    ]);
  });

  test("say that settings and trials are the same", () => {
    expect(sentences(slow, slow)).toEqual([
      "slow slow00 and slow slow00 share 2 points, of 2 and 2.",
      "Their settings are the same.",
      "Differences are of seeds that both have, which draw the same examples and order in both; their median need not be the difference of the medians.",
      "The last column is the median of differences, 95 % order statistics over 7 shared seeds.",
      "14 trials are the same in both, to the bit.",
    ]);
  });

  test("say why differences are unpaired", () => {
    const streams = { kind: "named", study_seed: 5, seeds: SEEDS } as const;
    const other = { ...fast, study: { ...fast.study, streams } };
    expect(sentences(slow, other).slice(1)).toEqual([
      "They differ in training.learning_rate (0.01, 0.1) and streams.study_seed (0, 5).",
      "Their study seeds are not the same, so that a seed draws other examples in each, and differences are unpaired.",
      "The last column is the difference of the medians, as a seed draws other examples in each.",
    ]);
    expect(sentences(slow, fast, false).slice(2)).toEqual([
      "Their data are not the same, so that a seed draws other examples in each, and differences are unpaired.",
      "The last column is the difference of the medians, as a seed draws other examples in each.",
    ]);
    const NOTEBOOK = { kind: "notebook", numpy_seed: 1, torch_seed: 0 } as const;
    const notebook = { ...fast, study: { ...fast.study, streams: NOTEBOOK } };
    expect(sentences(slow, notebook)[1]).toContain('streams.study_seed (0, "notebook")');
    expect(sentences(notebook, notebook)[2]).toBe(
      "Under the notebook's random streams trials have no seeds of their own, so differences are unpaired.",
    );
    const apart = (...widths: readonly number[]) => ({
      ...fast,
      outcomes: fast.outcomes.map(({ point, record }) => {
        const more = widths.includes(Number(point.values.width)) ? 100 : 0;
        return { point: { ...point, seed: more + (point.seed ?? 0) }, record };
      }),
    });
    expect(sentences(slow, apart(8, 16))[2]).toBe(
      "They share no seeds, so differences are unpaired.",
    );
    expect(sentences(slow, apart(8))[2]).toMatch(/^Differences are of seeds that both have/);
  });

  test.each<[string, Partial<Study>, boolean]>([
    ["dataset", { dataset: { name: "fashion-mnist", fraction: 0.2 } }, false],
    ["batch", { training: { ...slow.study.training, batch: 5 } }, false],
    ["order", { training: { ...slow.study.training, order: "shuffled" } }, false],
    ["passes", { training: { ...slow.study.training, passes: 7 } }, true],
    ["model", { model: { hidden: ["width"], init_std: 0.1 } }, true],
  ])("of seeds that share all but the %s", (_, changes, drawTheSame) => {
    const other = { ...slow, study: { ...slow.study, ...changes, name: "other" } };
    const [, settings, differences] = sentences(slow, other);
    expect(settings).toMatch(/^They differ in [a-z_.]+ \(.+, .+\)\.$/);
    expect(differences).toBe(
      `Differences are of seeds that both have${drawTheSame ? ", which draw the same examples and order in both" : ""}; their median need not be the difference of the medians.`,
    );
  });

  test("tell settings that one study alone has, and of many the first", () => {
    const model = { ...slow.study.model, bias: false } as const;
    const one = { ...slow, study: { ...slow.study, model, name: "one" } };
    expect(sentences(slow, one)[1]).toBe("They differ in model.bias (not given, false).");
    const many = {
      ...one.study,
      dataset: { name: "mnist-1d", examples: 40, label_noise: { share: 0.1 } } as const,
      model: { hidden: [3], init: "he" } as const,
      training: { ...slow.study.training, passes: 7 },
    };
    const eight = { ...slow, study: many };
    expect(sentences(slow, eight)[1]).toMatch(/^They differ in (?:[^()]+\([^()]+\)(?:, | and )?){8}\.$/); // prettier-ignore
    const nine = { ...many, training: { ...many.training, regularization: 0.1 } };
    expect(sentences(slow, { ...slow, study: nine })[1]).toMatch(
      /^They differ in (?:[^()]+\([^()]+\)(?:, | and )){8}1 more\.$/,
    );
  });
});

test("files are a page, Markdown, JSON and the figure twice", () => {
  const comparison = comparisonOf(slow, fast, true);
  const files = renderComparison(comparison);
  expect([...files.keys()]).toEqual(COMPARISON_FILES);
  const [html, markdown, json, svg, png] = files.values();
  expect(json).toBe(comparisonJson(comparison));
  expect(html).toMatch(/^<!doctype html>/i);
  expect(html).toMatch(/<svg[^]*<svg/);
  expect(markdown).toContain("# slow beside fast");
  for (const sentence of comparisonSentences(comparison))
    expect(markdown).toContain(`- ${sentence.replaceAll("_", "\\_")}`);
  // The names of metrics are words, all else is numbers.
  expect(markdown).toContain("| ---: | --- | ---: | ---: | ---: |");
  expect(markdown).toContain(`differences are fast less slow:`);
  const [, first] = comparisonRows(comparison);
  expect(markdown).toContain(`| ${first.join(" | ")} |`);
  expect(markdown).toContain(
    `| study | id | fingerprint |\n| --- | --- | --- |\n| slow | \`${slow.id}\` | \`${slow.fingerprint}\` |`,
  );
  expectGolden("compare", { svg: svg as string });
  expect(new TextDecoder("latin1").decode(png as Uint8Array)).toMatch(/^.PNG/);
});

test.each([
  [[2, 4, 256], "width (logarithmic scale)"],
  [[0, 4, 256], "width"],
])("widths %j stand on an axis %s", (widths, label) => {
  const [a, b] = [0.1, 0.2].map((rate) =>
    study("one", Object.fromEntries(widths.map((width) => [width, [0.5, 0.6]])), rate),
  );
  expect(renderComparison(comparisonOf(a, b, true)).get("compare.svg")).toContain(`>${label}<`);
});
