// The shelf: every shipped claim can be run, and has its page or is told as not yet run.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sha256 } from "../src/base/sha256.node.ts";
import { parseClaim } from "../src/claims/parse.ts";
import { valueAt } from "../src/claims/verdict.ts";
import { loadDataset } from "../src/data/load.node.ts";
import { isScheduled } from "../src/model/evaluation-schedule.ts";
import { answered } from "../src/questions/asked.ts";
import { CATALOGUE } from "../src/questions/catalogue.ts";
import { FEWEST_DRAWN } from "../src/questions/estimate.ts";
import { widthOf } from "../src/records/point.ts";
import type { TrialRecord } from "../src/records/record.ts";
import { summarize } from "../src/report/summary.ts";
import { follow } from "../src/study/follow.ts";
import type { PlannedTrial } from "../src/study/plans/plan.ts";
import { studyPlan } from "../src/study/plans/study-plan.ts";
import { resultOf } from "../src/study/result.ts";
import type { Study } from "../src/study/spec.ts";
import { record, type Row } from "./support/outcomes.ts";
import { PROVENANCE } from "./support/results.ts";
import { DATASET_SIZES } from "./support/studies.ts";

const ROOT = new URL("..", import.meta.url);
const names = readdirSync(new URL("claims", ROOT)).map((file) => file.replace(/\.yaml$/, ""));
const read = (path: string) => readFileSync(new URL(path, ROOT), "utf8");
const claimOf = (name: string) =>
  parseClaim(read(`claims/${name}.yaml`), { name, file: `${name}.yaml` }, CATALOGUE);

/** Published sets are not read: their sizes are known. */
async function sizesOf({ dataset }: Study) {
  return ["fashion-mnist", "mnist"].includes(dataset.name ?? "")
    ? DATASET_SIZES
    : (await loadDataset(dataset)).dataset;
}

test("their studies have names of their own", () => {
  const shipped = readdirSync(new URL("studies", ROOT)).map((file) => file.replace(".yaml", ""));
  const studies = names.flatMap((name) => {
    const { study, quick } = claimOf(name);
    return [study.name, quick?.name ?? "no quick form"];
  });
  expect(new Set([...shipped, ...studies]).size).toBe(shipped.length + studies.length);
});

test.each(names)(
  "%s says all that a claim of the shelf has to, and plans both of its forms",
  async (name) => {
    const { claim, study, quick, seconds } = claimOf(name);
    const { published, objective, smaller } = claim;
    expect([published.length > 0, objective, smaller]).toEqual([true, expect.any(String), expect.any(String)]); // prettier-ignore
    expect([seconds.whole, seconds.quick]).toEqual([expect.any(Number), expect.any(Number)]);
    for (const form of [study, quick]) {
      if (form === null) throw new Error(`${name} has no quick form`);
      const next = studyPlan(form, await sizesOf(form), CATALOGUE)(() => undefined);
      expect("trials" in next && next.trials.length, form.name).toBeGreaterThan(0);
    }
  },
);

/** Whose intervals are bootstraps at every point, which nothing is decided without. */
const drawn = names.filter((name) =>
  claimOf(name).study.ask?.some(({ name: asked }) => asked === "bias-variance"),
);

test.each(drawn)("%s has seeds enough in both of its forms to be decided", (name) => {
  const { study, quick } = claimOf(name);
  for (const { streams } of [study, quick ?? study])
    expect("seeds" in streams ? streams.seeds.length : 1).toBeGreaterThanOrEqual(FEWEST_DRAWN);
});

test.each(names)("%s has a page that names it, or is told as not yet run", (name) => {
  const told = read("docs/claims/README.md");
  const row = told
    .split("\n")
    .find((line) => line.includes(`| \`${name}\``) || line.includes(`| [\`${name}\`]`));
  expect(row, `a row of the table in docs/claims/README.md`).toBeDefined();
  if (row?.includes("not yet run")) return;
  expect(row).toContain(`(${name}.md)`);
  const page = read(`docs/claims/${name}.md`);
  expect(page).toContain(`widthwise check ${name}`);
  const [fingerprint] = /[0-9a-f]{64}/.exec(page) ?? [];
  expect(fingerprint).toBeDefined();
});

/** Nobody trained it: rates up to 0.05 converge, and widths from 20 on interpolate. */
function madeUp({ point, trial: { specification, passes } }: PlannedTrial): TrialRecord {
  const width = widthOf({ point });
  const converges = specification.training.learning_rate <= 0.05;
  const row = (pass: number): Row => {
    if (pass === 0) return [2.3, 0.1, 2.3, 0.1];
    const loss = (1 + ((width + (point.seed ?? 0)) % 7) / 10) / (1 + pass);
    return converges ? [loss, width >= 20 ? 1 : 0.9, loss + 0.1, 0.8] : [9, 0.1, 9, 0.1];
  };
  const made = record(
    width,
    Array.from({ length: passes + 1 }, (_, pass) => row(pass)),
    {
      ...(point.seed !== null && { seed: point.seed }),
      ...(!converges && { ending: { kind: "diverged", pass: 1, step: 3 } }),
    },
  );
  const { evaluate } = specification;
  return {
    ...{ ...made, specification },
    trajectory: made.trajectory.filter(
      ({ pass }) => isScheduled(evaluate, pass) || pass === passes,
    ),
  };
}

// What is measured is not made up, and what is refined by what is seen is another thing where that is made up.
const planned = names.filter((name) => {
  const { measure, ask = [] } = claimOf(name).study;
  return measure === undefined && ask.every(({ name: asked }) => asked !== "map");
});

test.each(planned)("%s names numbers that its study's summary has", async (name) => {
  const { claim, study } = claimOf(name);
  const supply = (trials: readonly PlannedTrial[]) => Promise.resolve(trials.map(madeUp));
  const plan = studyPlan(study, await sizesOf(study), CATALOGUE);
  const followed = await follow(plan, supply, sha256);
  if (!("answer" in followed)) throw new Error("not all of it was made up");
  const found = answered(resultOf("0".repeat(64), study, followed.answer, sha256), CATALOGUE);
  const summary = summarize(found, PROVENANCE);
  const { verdict, published } = claim;
  const paths = [
    ...verdict.flatMap(({ value, above, below }) => [value, above, below]),
    ...published.map(({ seen }) => seen),
  ].filter((path) => typeof path === "string");
  const missing = paths.filter((path) => valueAt(summary, path) === undefined);
  expect(missing, `of ${Object.keys(summary).join(", ")}`).toEqual([]);
});
