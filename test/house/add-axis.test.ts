// An axis is an entry of AXES, as CONTRIBUTING.md says. With two more, studies without them are what they were, and a
// study that sweeps them has points, trials, records and tables of its own for each value.

import { expect, test } from "vitest";
import { distinct, number } from "../../src/base/fields.ts";
import { sha256 } from "../../src/base/sha256.node.ts";
import { AXES } from "../../src/study/axes.ts";
import type { Study } from "../../src/study/spec.ts";
import { record, type Row } from "../support/outcomes.ts";
import { DATASET_SIZES as dataset } from "../support/studies.ts";

const positive = number("a positive number", { exclusiveMinimum: 0 });

// The rules of a study are made when their file is first read, so the entries come before it.
Object.assign(AXES, {
  learning_rate: {
    values: distinct("rates", positive),
    put: ({ training, ...study }: Study, learning_rate: number): Study => ({
      ...study,
      training: { ...training, learning_rate },
    }),
  },
  passes: {
    values: distinct("passes", positive),
    put: ({ training, ...study }: Study, passes: number): Study => ({
      ...study,
      training: { ...training, passes },
    }),
  },
});
const { CATALOGUE } = await import("../../src/questions/catalogue.ts");
const { answered } = await import("../../src/questions/asked.ts");
const { trajectoriesCsv } = await import("../../src/report/trajectories.ts");
const { buildReport } = await import("../../src/report/report.ts");
const { summarize } = await import("../../src/report/summary.ts");
const { claimedTrials, parseClaims } = await import("../../src/study/checks/verify-report.ts");
const { parseStudy } = await import("../../src/study/language/parse.ts");
const { sweepPlan } = await import("../../src/study/plans/sweep.ts");
const { resultOf } = await import("../../src/study/result.ts");

const parsed = (hidden: string, sweep: string) =>
  parseStudy(
    `
name: axes
question: What do two axes more change?
dataset: { name: fashion-mnist, fraction: 0.1 }
model: { hidden: ${hidden}, init_std: 1.0e-6 }
training: { learning_rate: 0.005, passes: 2 }
sweep: ${sweep}
streams: { kind: named, seeds: [0, 1] }
`,
    "axes.yaml",
    CATALOGUE,
  );

const planned = (study: Study) => {
  const next = sweepPlan(study, dataset, Number(study.training.learning_rate))(() => undefined);
  return "trials" in next ? next.trials : [];
};

test("a study that does not sweep them has neither them nor other trials", () => {
  const trials = planned(parsed("[width]", "{ width: [8, 16] }"));
  expect(trials.map(({ point }) => point.values)).toEqual(
    [8, 8, 16, 16].map((width) => ({ width })),
  );
  expect(trials[0].trial).toMatchObject({
    passes: 2,
    specification: { training: { learning_rate: 0.005 } },
  });
});

const ROWS: readonly Row[] = [0, 1, 2].map(() => [2, 0.1, 2, 0.1]);

/** The study's result, of records that nobody trained. */
function resultOfStudy(study: Study) {
  const outcomes = planned(study).map(({ point, trial: { specification } }) => {
    const { learning_rate } = specification.training;
    const [width, seed] = [specification.model.hidden[0], point.seed ?? 0];
    return { point, record: record(width, ROWS, { seed, learning_rate }) };
  });
  const answer = { search: null, learning_rate: 0.005, outcomes };
  return answered(resultOf("0".repeat(64), study, answer, sha256), CATALOGUE);
}

test.each([
  ["beside the width", "[width]", "width: [8, 16], ", [8, 16]],
  ["alone", "[4]", "", [4]],
])(
  "a study that sweeps them %s has trials for each of their values",
  (_, hidden, width, widths) => {
    const study = parsed(hidden, `{ ${width}learning_rate: [0.1, 0.2], passes: [1, 2] }`);
    const trials = planned(study);
    const wanted = widths.flatMap((width) =>
      [0.1, 0.2].flatMap((rate) =>
        [1, 2].flatMap((passes) => [0, 1].map((seed) => [width, rate, passes, seed])),
      ),
    );
    expect(
      trials.map(({ trial: { specification, passes }, point: { seed } }) => [
        specification.model.hidden[0],
        specification.training.learning_rate,
        passes,
        seed,
      ]),
    ).toEqual(wanted);
    expect(
      trials.map(({ point: { values, seed } }) => [
        ...[values.width, values.learning_rate, values.passes],
        seed,
      ]),
    ).toEqual(wanted);

    const found = resultOfStudy(study);
    const [header, first] = [...trajectoriesCsv(found.result.outcomes)].join("").split("\r\n");
    expect(header).toMatch(/^width,seed,pass,.*,fingerprint,learning_rate,passes$/);
    expect(first).toMatch(/,0\.1,1$/);

    const provenance = {
      ...{ versions: { numerics: 1 }, seconds: {}, command: "as a library" },
      dataset: { name: dataset.name, digest: dataset.digest, origin: "a test" },
    };
    const { sections } = buildReport(found, provenance);
    const table = JSON.stringify(sections.find(({ id }) => id === "widths")?.blocks);
    expect(table).toMatch(
      /"heading":"width".*"heading":"learning_rate".*"heading":"passes".*"heading":"seed"/,
    );

    const summary = JSON.parse(JSON.stringify(summarize(found, provenance))) as unknown;
    const claims = parseClaims(summary, "report.html", CATALOGUE);
    expect(claims.specification).toEqual(study);
    expect(
      claimedTrials(claims, dataset, CATALOGUE, sha256, "report.html").map(
        ({ fingerprint }) => fingerprint,
      ),
    ).toEqual(found.result.outcomes.map(({ record }) => record.fingerprint));
  },
);
