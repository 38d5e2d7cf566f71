// Any path of a study can be an axis. A study that sweeps some has points, trials, records and tables of its own for each
// combination of their values, and whoever has its report can train them again.

import { expect, test } from "vitest";
import { sha256 } from "../../src/base/sha256.node.ts";
import { CATALOGUE } from "../../src/questions/catalogue.ts";
import { answered } from "../../src/questions/asked.ts";
import { trajectoriesCsv } from "../../src/report/trajectories.ts";
import { buildReport } from "../../src/report/report.ts";
import { summarize } from "../../src/report/summary.ts";
import { claimedTrials, parseClaims } from "../../src/study/checks/verify-report.ts";
import { parseStudy } from "../../src/study/language/parse.ts";
import { sweepPlan } from "../../src/study/plans/sweep.ts";
import { resultOf } from "../../src/study/result.ts";
import type { Study } from "../../src/study/spec.ts";
import { record, type Row } from "../support/outcomes.ts";
import { DATASET_SIZES as dataset } from "../support/studies.ts";

const parsed = (hidden: string, sweep: string, training = "regularization: 0") =>
  parseStudy(
    `
name: axes
question: What do two axes more change?
dataset: { name: fashion-mnist, fraction: 0.1 }
model: { hidden: ${hidden}, init_std: 1.0e-6 }
training: { ${training}, passes: 2 }
sweep: ${sweep}
streams: { kind: named, seeds: [0, 1] }
`,
    "axes.yaml",
    CATALOGUE,
  );

const planned = (study: Study) => {
  const next = sweepPlan(study, dataset, Number(study.training.learning_rate))(() => undefined);
  return "trials" in next ? [...next.trials] : [];
};

test("a study that does not sweep them has neither them nor other trials", () => {
  const trials = planned(parsed("[width]", "{ width: [8, 16] }", "learning_rate: 0.005"));
  expect([...trials].map(({ point }) => point.values)).toEqual(
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
    const study = parsed(
      hidden,
      `{ ${width}training.learning_rate: [0.1, 0.2], model.activation: [tanh, square] }`,
    );
    const trials = planned(study);
    const wanted = widths.flatMap((width) =>
      ["tanh", "square"].flatMap((activation) =>
        [0.1, 0.2].flatMap((rate) => [0, 1].map((seed) => [width, activation, rate, seed])),
      ),
    );
    expect(
      [...trials].map(({ trial: { specification }, point: { seed } }) => [
        specification.model.hidden[0],
        specification.model.activation,
        specification.training.learning_rate,
        seed,
      ]),
    ).toEqual(wanted);
    expect(
      [...trials].map(({ point: { values, seed } }) => [
        ...[values.width, values["model.activation"], values["training.learning_rate"]],
        seed,
      ]),
    ).toEqual(wanted);

    const found = resultOfStudy(study);
    const [header, first] = [...trajectoriesCsv(found.result.outcomes)].join("").split("\r\n");
    expect(header).toMatch(
      /^width,seed,pass,.*,fingerprint,model\.activation,training\.learning_rate$/,
    );
    expect(first).toMatch(/,tanh,0\.1$/);

    const provenance = {
      ...{ versions: { numerics: 1 }, seconds: {}, command: "as a library" },
      dataset: { name: dataset.name, digest: dataset.digest, origin: "a test" },
    };
    const { sections } = buildReport(found, provenance);
    const table = JSON.stringify(sections.find(({ id }) => id === "widths")?.blocks);
    expect(table).toMatch(
      /"heading":"width".*"heading":"activation".*"heading":"learning rate".*"heading":"seed"/,
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
