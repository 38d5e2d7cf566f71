// A study that asks for its threshold, from its text to its report and back: what is kept is not trained again, and a
// report's claims are those trials.

import { expect, test } from "vitest";
import {
  answered,
  CATALOGUE,
  createNodePool,
  loadDataset,
  MemoryStore,
  parseStudy,
  renderReport,
  reportFileNames,
  runStudy,
  sha256,
} from "../../dist/node.js";
import {
  claimedTrials,
  contradictions,
  parseClaims,
} from "../../dist/study/checks/verify-report.js";
import { remaining } from "../../dist/study/kept/remaining.js";

const study = parseStudy(
  `
name: narrow
question: How wide is wide enough?
dataset: { name: mnist-1d, examples: 40 }
model: { hidden: [width], init_std: 0.3 }
training: { learning_rate: 0.02, passes: 40 }
ask: [threshold]
`,
  "narrow.yaml",
  CATALOGUE,
);

test("finds its threshold, keeps it, and tells it", async () => {
  const { dataset, origin } = await loadDataset(study.dataset, CATALOGUE.datasets);
  const store = new MemoryStore();
  const context = { catalogue: CATALOGUE, dataset, store, sha256 };
  const before = await remaining(study, context);
  expect(before).toMatchObject({ kept: 0, searching: false });
  expect(before.sweep.length - before.guessed).toBe(12);

  const pool = await createNodePool({ dataset, workers: 1, sha256 });
  try {
    const result = await runStudy(study, { ...context, pool });
    const { threshold: found, outcomes } = result;
    expect(found?.low).toBeGreaterThan(1);
    expect(found?.high ?? Infinity).toBeLessThan(65);
    expect(found?.low).toBeLessThanOrEqual(found?.high ?? 0);
    expect(outcomes.some(({ stopped }) => stopped)).toBe(true);
    const seeds = found?.visits.reduce((sum, visit) => sum + visit.seeds, 0);
    expect(outcomes).toHaveLength(seeds ?? 0);

    const after = await remaining(study, context);
    expect(after).toMatchObject({ kept: outcomes.length, sweep: [], guessed: 0 });
    const reused: boolean[] = [];
    const again = await runStudy(study, {
      ...{ ...context, pool },
      onEvent: (event) => event.kind === "ended" && reused.push(event.reused),
    });
    expect(again.fingerprint).toBe(result.fingerprint);
    expect(reused).toEqual(outcomes.map(() => true));

    const provenance = {
      ...{ versions: { numerics: 1 }, seconds: {}, command: "as a library" },
      dataset: { name: dataset.name, digest: dataset.digest, origin },
    };
    const told = answered(result, CATALOGUE);
    expect(told.answers.get("threshold")?.lines?.[0]).toMatch(
      new RegExp(`^threshold: .+ within ${study.training.passes} passes \\(95 % confidence, `),
    );
    const files = renderReport(told, provenance);
    expect([...files.keys()].sort()).toEqual(reportFileNames(study, CATALOGUE, "paper").sort());
    const report = files.get("report.md") as string;
    expect(report).toContain("The smallest width that interpolates in more than half of all seeds");
    const [, yaml] = report.split("```yaml\n");
    expect(parseStudy(yaml.split("```")[0], "again.yaml", CATALOGUE)).toEqual(study);

    const summary = JSON.parse(files.get("summary.json") as string) as {
      threshold: object;
      seeds: number[];
      versions: Record<string, number>;
    };
    expect(summary.threshold).toEqual({
      interval: [found?.low, found?.high],
      confidence: 0.95,
      visits: found?.visits,
      violations: found?.violations,
    });
    expect(summary.seeds).toEqual(
      Array.from(
        { length: Math.max(...(found?.visits ?? []).map((one) => one.seeds)) },
        (_, i) => i,
      ),
    );
    const { NUMERICS_VERSION } = await import("../../dist/model/trial.js");
    const claims = parseClaims(
      { ...summary, versions: { numerics: NUMERICS_VERSION } },
      "summary.json",
      CATALOGUE,
    );
    expect(claims.specification).toEqual(study);
    const claimed = claimedTrials(claims, dataset, CATALOGUE, sha256, "summary.json");
    expect(claimed.map(({ fingerprint }) => fingerprint)).toEqual(
      outcomes.map(({ record }) => record.fingerprint),
    );
    expect(contradictions(claims, claimed, sha256)).toEqual([]);
    const many = { ...claims, fingerprints: { 4: Array<string>(33).fill("a".repeat(64)) } };
    expect(() => claimedTrials(many, dataset, CATALOGUE, sha256, "x")).toThrow(
      "x: it tells of 33 seeds of width 4; expected at most 32 of widths 1 to 65536",
    );
  } finally {
    await pool.close();
  }
});
