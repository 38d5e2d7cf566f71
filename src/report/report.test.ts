// The report's words, for a single run and for several seeds.

import { describe, expect, test } from "vitest";
import {
  crossedOutcomes,
  ensembleOutcomes,
  homeworkOutcomes,
  outcome,
  pytorchRows,
} from "../../test/support/outcomes.ts";
import {
  HOMEWORK,
  PROVENANCE,
  fixedNetwork,
  found,
  homeworkResult,
  searchedWith,
  seedsResult,
} from "../../test/support/results.ts";
import { file, textOf, withoutSearch } from "../../test/support/reports.ts";
import { buildReport } from "./report.ts";
import { summarize } from "./summary.ts";
import type { StudyResult } from "../study/result.ts";
import type { Study } from "../study/spec.ts";
import { parseStudy } from "../study/language/parse.ts";
import { CATALOGUE } from "../questions/catalogue.ts";
import { notebookSection } from "../homework/report-section.ts";

test("that trials diverged is the first of the answers", () => {
  const ending = { kind: "diverged", pass: 1, step: 7 } as const;
  const firstOf = (rates: readonly number[]) => {
    const outcomes = rates.map((learning_rate, index) =>
      outcome(8 + index, pytorchRows(8), { learning_rate, ...(index > 0 && { ending }) }),
    );
    const { sections } = buildReport(found(homeworkResult(outcomes)), PROVENANCE);
    const list = sections[0].blocks.find(({ kind }) => kind === "list");
    return JSON.stringify(list?.kind === "list" && list.items[0]);
  };
  expect(firstOf([0.1])).not.toContain("diverged");
  expect(firstOf([0.1, 1e30])).toContain(
    '{"strong":"1 of 2 trials diverged, at learning rate 1e+30: its objective was no longer finite."}',
  );
  expect(firstOf([0.1, 3, 2, 3])).toContain("3 of 4 trials diverged, at learning rates 2 and 3: ");
  expect(firstOf([0.1, 4, 3, 2, 1])).toContain("4 of 5 trials diverged: their objective");
});

describe.each(["report.html", "report.md"] as const)("%s of a single run", (name) => {
  const written = file(homeworkResult(), name);
  const text = name === "report.html" ? textOf(written) : written.replace(/[\\*]/g, "");

  test("answers in sentences", () => {
    expect(text).toContain("after 55 passes all 6,000 training examples are predicted right");
    expect(text).toContain("55 at width 32, 41 at width 128 and 37 at width 512");
    expect(text).toContain("Widths 8 and 16 do not interpolate within 100 passes.");
    expect(text).toContain("missed again by width 32 (passes 58–61)");
    expect(text).toMatch(/η\*? = 0.01, and 0.02 diverges/);
  });

  test("says that one seed and one rounding stand behind them", () => {
    expect(text).toContain(
      "One seed and one rounding stand behind “width 32 interpolates at pass 55”.",
    );
    expect(text).toContain("widthwise replay --ensemble 20");
  });

  test("shows the search with its margins, and the notebook beside ours", () => {
    for (const shown of ["not finite", "0.561", "0.487", "5.49", "0.157, 0.148", "53"]) {
      expect(text).toContain(shown);
    }
  });

  test("has all three figures, numbered", () => {
    for (const number of [1, 2, 3]) expect(text).toContain(`Figure ${number}.`);
    for (const number of [1, 2, 3]) expect(text).toContain(`Figure ${number}. `);
  });

  test("tells where it comes from", () => {
    for (const shown of ["npx widthwise run homework", "20.20.2", "48.3 s", "5eed".repeat(16)]) {
      expect(text).toContain(shown);
    }
  });
});

describe("the report of several seeds", () => {
  const text = textOf(file(seedsResult(), "report.html"));

  test("answers in counts", () => {
    expect(text).toContain(
      "in 9 of 10 seeds (Wilson's 95 % interval: 60 … 98 %), all 6,000 training examples are predicted right",
    );
    expect(text).toContain("The smallest that does so in every seed is 128.");
    expect(text).toMatch(
      /Width 32 interpolates in 9 of 10 seeds \(60 … 98 %\), after \d+ to \d+ passes; the median/,
    );
    expect(text).toContain("Width 8 interpolates in 0 of 10 seeds (0 … 28 %) within 100 passes.");
    expect(text).not.toContain("One seed and one rounding");
  });

  test("says that the search had one seed", () => {
    const searched = file(searchedWith(seedsResult(), { hidden: [32], seed: 4 }), "report.md");
    expect(searched).toContain("searched at width 32, with seed 4 alone");
    expect(searched).toContain("It was searched with seed 4 alone, and is used for all 10 seeds.");
    expect(searched).toContain("is the last that converged. It was searched with seed 4 alone.");
    expect(file(homeworkResult(), "report.md")).not.toContain("alone");
  });

  test("does not compare with the notebook", () => {
    expect(text).not.toMatch(/notebook|replay/);
  });
});

describe("the comparison with the notebook", () => {
  const compares = (
    study: Partial<StudyResult["study"]>,
    rest: Partial<StudyResult> = {},
  ): boolean =>
    notebookSection({ ...homeworkResult(), ...rest, study: { ...HOMEWORK, ...study } }) !== null;

  test("is made for its question and seeds only", () => {
    expect(compares({})).toBe(true);
    expect(compares({ streams: { kind: "notebook", numpy_seed: 2, torch_seed: 0 } })).toBe(false);
    expect(compares({ streams: { kind: "notebook", numpy_seed: 1, torch_seed: 3 } })).toBe(false);
    expect(compares({ streams: { kind: "named", study_seed: 1, seeds: [0] } })).toBe(false);
    expect(compares({ dataset: { name: "fashion-mnist", fraction: 0.2 } })).toBe(false);
    expect(compares({ model: { hidden: ["width", 8], init_std: 1e-6 } })).toBe(false);
    expect(compares({}, { learning_rate: 0.01 })).toBe(false);
    expect(compares({}, { outcomes: [outcome(64, pytorchRows(32))] })).toBe(false);
  });

  test("leaves out widths that the notebook has not, and says how far a shorter run went", () => {
    const short: StudyResult = {
      ...homeworkResult([
        outcome(8, pytorchRows(8).slice(0, 21)),
        outcome(64, pytorchRows(32).slice(0, 21)),
      ]),
      study: { ...HOMEWORK, training: { ...HOMEWORK.training, passes: 20 } },
    };
    const section =
      /notebook's printed results[\s\S]*?\n## /.exec(file(short, "report.md"))?.[0] ?? "";
    expect(section).toContain("| 8 | never | not within 20 |");
    expect(section).not.toContain("| 64 |");
  });
});

describe("a study without a sweep", () => {
  test.each([
    ["at width 64", [64], "width", "64"],
    ["with hidden layers 64, 32", [64, 32], "hidden layers", "64, 32"],
    ["without a hidden layer", [], "hidden layers", "none"],
  ])("is told as what was trained and searched: %s", (at, hidden, heading, entry) => {
    const text = file(fixedNetwork(hidden, 55), "report.md");
    expect(text).toContain(`searched ${at} |`);
    expect(text).toContain(`The largest learning rate that converges ${at} is`);
    expect(text).toContain(`brings the training loss ${at} below 0.5 times`);
    expect(text).toContain(`| ${heading} | passes to interpolation |`);
    expect(text).toContain(`| ${entry} | 55 |`);
    expect(text).not.toMatch(/width (0|32)\b(?! interpolates between)/);
  });
});

describe("the specification in the report", () => {
  test.each([
    ["notebook", homeworkResult()],
    ["seeds", seedsResult(3)],
    ["no search", withoutSearch],
    ["no sweep", fixedNetwork([64], 55)],
    ["two layers", fixedNetwork([64, 32], 55, 56)],
    ["no hidden layer", fixedNetwork([], null)],
  ])("is a study that can be run: %s", (_, result) => {
    const yaml = /```yaml\n([\s\S]*?)\n```/.exec(file(result, "report.md"))?.[1] ?? "";
    expect(parseStudy(yaml, "report.md", CATALOGUE)).toEqual(result.study);
  });
});

test("of many trials the page lists the first, and names the table of all of them", () => {
  const hashes = (seeds: number) => {
    const page = file(seedsResult(seeds, ensembleOutcomes([8], seeds, 2)), "report.md");
    return { page, rows: page.split("\n").filter((line) => /^\| +8 \| +\d+ \|/.test(line)).length };
  };
  expect(hashes(200)).toMatchObject({ rows: 200 });
  expect(hashes(200).page).not.toContain("trajectories.csv");
  expect(hashes(201)).toMatchObject({ rows: 200 });
  expect(hashes(201).page).toContain("the first 200 of 201 trials; `trajectories.csv` has all");
});

test("the report warns of pixels that are constant in a subset alone, where there are any", () => {
  const result = homeworkResult();
  const { train_examples } = result.outcomes[0].record.specification.data;
  const warning = (found: object) =>
    /[^> ]+ [^ ]+ [^ ]+ constant in the [^:]*/.exec(
      file(result, "report.md", {
        ...PROVENANCE,
        dataset: { ...PROVENANCE.dataset, ...found },
      }),
    )?.[0];
  const where = (examples: string) =>
    `constant in the ${train_examples} training ${examples} and not in the test ${examples}`;
  expect(warning({})).toBeUndefined();
  expect(warning({ misleading_pixels: 7 })).toBe(`7 pixels are ${where("images")}`);
  expect(warning({ misleading_inputs: 1 })).toBe(`1 input is ${where("examples")}`);
});

test.each<[string | null, Study["dataset"]["label_noise"]]>([
  [null, undefined],
  ["a share of 0.2 of them was replaced by another class", { share: 0.2 }],
  [
    "each was drawn anew over all classes with probability 0.5",
    { probability: 0.5, kind: "redrawn" },
  ],
])("the report says which labels training was measured against: %s", (change, label_noise) => {
  const result = homeworkResult();
  const dataset = { ...result.study.dataset, ...(label_noise && { label_noise }) };
  const report = file({ ...result, study: { ...result.study, dataset } }, "report.md");
  const said = `Training losses and accuracies are against noisy labels: ${change}; test labels are the data set's own.`;
  expect(report.includes("noisy labels")).toBe(change !== null);
  if (change !== null) expect(report).toContain(said);
});

test("of a study that sweeps its labels' noise the report says so of all of it", () => {
  const result = homeworkResult();
  const said =
    "Training losses and accuracies are against the labels that were trained on, noise and all; test labels are the data set's own.";
  const outcomes = result.outcomes.map(({ point, record }, index) => {
    const noise = index > 0 && { label_noise: { kind: "other", share: index / 10 } as const };
    const data = { ...record.specification.data, ...noise };
    return { point, record: { ...record, specification: { ...record.specification, data } } };
  });
  const dataset = { ...result.study.dataset, label_noise: { share: 0.1 } };
  for (const study of [result.study, { ...result.study, dataset }]) {
    const report = file({ ...result, outcomes, study }, "report.md");
    expect(report).toContain(`> ${said}`);
    expect(report).not.toContain("noisy labels");
  }
});

test("a plain run's report has no note but the one on reliance, and a row for each width", () => {
  const [answers, ...others] = buildReport(found(homeworkResult()), PROVENANCE).sections;
  expect(answers.blocks.map(({ kind }) => kind)).toEqual(["facts", "list", "note"]);
  expect(others.find(({ id }) => id === "widths")).toMatchObject({ heading: "Every width" });
  expect(file(homeworkResult(), "report.md")).toContain(
    "| fingerprint |\n|" + " ---: |".repeat(7) + " --- |\n",
  );
});

test("of questions that tell nothing, draw nothing, or of no trials, the report has that much less", () => {
  const section = { id: "drawn", heading: "Not drawn", blocks: [] };
  const all = found(homeworkResult());
  const silent = {
    ...{ ...all, result: { ...all.result, outcomes: [] } },
    ...{ answers: new Map([["silent", {}]]), ordered: [{}, { section }], points: [] },
  };
  const [answers, ...others] = buildReport(silent, PROVENANCE).sections;
  expect(answers.blocks.slice(0, 2)).toEqual([
    { kind: "facts", facts: [] },
    { kind: "list", items: [] },
  ]);
  expect(others[0]).toBe(section);
  expect(
    others
      .slice(1)
      .map(({ id }) => id)
      .at(-1),
  ).toBe("provenance");
});

test("trials of crossed axes have a column for each", () => {
  const crossed = crossedOutcomes([8, 16], "dataset.label_noise", [0, 0.2], 1, 2);
  const report = file(seedsResult(1, crossed), "report.md");
  expect(report).toContain("## Every point\n");
  expect(report).toContain("| width | label noise | passes to interpolation |");
  expect(report).toMatch(/\| 16 \| 0\.2 \| never \|/);
});

test("the verdict on a claim that was tested comes first", () => {
  const claim = {
    ...{ name: "mine", claim: "Width 32 interpolates.", source: "Nobody", quick: false },
    published: [],
    verdict: [{ value: "smallest_interpolating_width", within: [32, 32], says: "it is 32" }],
  } as const;
  const report = buildReport(found(homeworkResult()), { ...PROVENANCE, claim });
  expect(report.sections.map(({ id }) => id).slice(0, 2)).toEqual(["claim", "answers"]);
  expect(summarize(found(homeworkResult()), { ...PROVENANCE, claim }).claim).toMatchObject({
    verdict: "reproduced",
  });
});

test("losses are told in the objective's unit", () => {
  const searched = seedsResult(2, [...homeworkOutcomes()]);
  expect(file(homeworkResult(), "report.md")).toMatch(/in nats/);
  const squared = <Value extends { training: object }>(value: Value): Value => ({
    ...value,
    training: { ...value.training, objective: "squared error" },
  });
  const outcomes = searched.outcomes.map(({ point, record }) => ({
    point,
    record: { ...record, specification: squared(record.specification) },
  }));
  const page = textOf(
    file({ ...homeworkResult(outcomes), study: squared(HOMEWORK) }, "report.html"),
  );
  expect(page).toContain("mean objective, in squared errors");
  expect(page).toContain("losses in squared errors");
  expect(page).toContain("training objectives in squared errors");
  expect(page).not.toMatch(/nats/);
});
