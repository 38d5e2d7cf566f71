// η* is searched once for every combination of swept values other than width, at the search's width, and each combination
// is trained at half of its own.

import { expect, test } from "vitest";
import { sha256 } from "../../src/base/sha256.node.ts";
import { answered } from "../../src/questions/asked.ts";
import { CATALOGUE } from "../../src/questions/catalogue.ts";
import { studyFingerprint, trialKey } from "../../src/records/fingerprint.ts";
import { buildReport } from "../../src/report/report.ts";
import { summarize } from "../../src/report/summary.ts";
import {
  answerOf,
  claimedTrials,
  contradictions,
  parseClaims,
} from "../../src/study/checks/verify-report.ts";
import { follow } from "../../src/study/follow.ts";
import { parseStudy } from "../../src/study/language/parse.ts";
import type { PlannedTrial } from "../../src/study/plans/plan.ts";
import { studyPlan } from "../../src/study/plans/study-plan.ts";
import { idOf, resultOf } from "../../src/study/result.ts";
import { record, type Row } from "../support/outcomes.ts";
import { DATASET_SIZES as dataset } from "../support/studies.ts";

const study = (search: string) =>
  parseStudy(
    `
name: combinations
question: What rate does each start need?
dataset: { name: fashion-mnist, fraction: 0.1 }
model: { hidden: [width] }
training: { learning_rate: eta_star / 2, passes: 2 }
search: ${search}
sweep: { width: [8, 16], model.init_std: [0.1, 0.2] }
streams: { kind: named, seeds: [0, 1] }
`,
    "combinations.yaml",
    CATALOGUE,
  );

/** Rates up to this one converge, by the deviation of the start. */
const LARGEST: Readonly<Record<number, number>> = { 0.1: 0.04, 0.2: 0.01 };

/** A record that nobody trained. */
function recordOf({ trial: { specification }, point }: PlannedTrial) {
  const { learning_rate } = specification.training;
  const after = learning_rate <= LARGEST[Number(point.values["model.init_std"])] ? 0.5 : 6;
  const rows = [2, after, after].map((loss): Row => [loss, 0.1, loss, 0.1]);
  const made = record(specification.model.hidden[0], rows, {
    ...{ seed: point.seed ?? 0, learning_rate },
  });
  return { ...made, key: trialKey(specification, sha256), specification };
}

async function run(search: string) {
  const asked = study(search);
  const supplied: PlannedTrial[][] = [];
  const followed = await follow(
    studyPlan(asked, dataset, CATALOGUE),
    (trials) => {
      supplied.push([...trials]);
      return Promise.resolve(trials.map(recordOf));
    },
    sha256,
  );
  if (!("answer" in followed)) throw new Error("every trial was supplied");
  const id = idOf(asked, dataset, sha256);
  return { asked, supplied, result: resultOf(id, asked, followed.answer, sha256) };
}

test.each([
  ["the first seed", "{ width: 4 }", [0]],
  ["all seeds", "{ width: 4, seeds: all, rule: every }", [0, 1]],
])(
  "searches each combination with %s, and trains it at half of its rate",
  async (_, said, seeds) => {
    const { asked, supplied, result } = await run(said);
    const places = supplied[0].map(({ role, point: { values, seed } }) => [role, values, seed]);
    expect(places).toEqual(
      [0.1, 0.2].flatMap((deviation) =>
        seeds.map((seed) => ["search", { width: 4, "model.init_std": deviation }, seed]),
      ),
    );
    expect(result.searches?.map(({ values, eta_star }) => [values, eta_star])).toEqual([
      [{ "model.init_std": 0.1 }, 0.04],
      [{ "model.init_std": 0.2 }, 0.01],
    ]);
    expect(result.search).toBe(result.searches?.[0]);
    const rates = result.outcomes.map(({ point: { values }, record: { specification } }) => [
      ...[values.width, values["model.init_std"], specification.model.init_std],
      specification.training.learning_rate,
    ]);
    expect(rates).toEqual(
      [8, 16].flatMap((width) =>
        [
          [width, 0.1, 0.1, 0.02],
          [width, 0.2, 0.2, 0.005],
        ].flatMap((one) => [one, one]),
      ),
    );

    const found = answered(result, CATALOGUE);
    const provenance = {
      ...{ versions: { numerics: 1 }, seconds: {}, command: "as a library" },
      dataset: { name: dataset.name, digest: dataset.digest, origin: "a test" },
    };
    const report = JSON.stringify(buildReport(found, provenance));
    for (const told of [
      "at width 4, at init std 0.1, is ",
      '"strong":"η* = 0.04"',
      '"strong":"η* = 0.01"',
      "The largest at init std 0.2 is 0.01.",
      '"heading":"init std"',
      seeds.length === 1 ? "with seed 0 alone" : "with all 2 seeds",
    ])
      expect(report).toContain(told);

    // A report's claims are those trials, in the order of the fingerprint.
    const claims = parseClaims(
      JSON.parse(JSON.stringify(summarize(found, provenance))),
      "",
      CATALOGUE,
    );
    expect(claims.specification).toEqual(asked);
    const claimed = claimedTrials(claims, dataset, CATALOGUE, sha256, "");
    expect(contradictions(claims, claimed, sha256)).toEqual([]);
    expect(
      studyFingerprint(
        claimed.map(({ fingerprint }) => fingerprint),
        sha256,
      ),
    ).toBe(result.fingerprint);
    const records = new Map(claimed.map((one) => [one, recordOf(one.planned)]));
    const again = await answerOf(claims, records, dataset, CATALOGUE, sha256);
    expect(again?.fingerprint).toBe(result.fingerprint);
  },
);

test("says of which combination no rate moves the loss", () => {
  const plan = studyPlan(study("{ width: 4 }"), dataset, CATALOGUE);
  const still = (planned: PlannedTrial) => {
    if (planned.point.values["model.init_std"] === 0.1) return recordOf(planned);
    const rows = [2, 2, 2].map((loss): Row => [loss, 0.1, loss, 0.1]);
    return record(4, rows, { seed: 0 });
  };
  expect(() => plan(still)).toThrow(/^at init std 0\.2: no learning rate from 1e-8 to 0\.1 moves/);
});
