// A study that asks for its threshold at several values of another axis, from its text to its report and back.

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
import { answerFromStore } from "../../dist/study/kept/answer.js";
import {
  claimedTrials,
  contradictions,
  parseClaims,
} from "../../dist/study/checks/verify-report.js";

const TEXT = `
name: growing
question: How does the threshold grow?
dataset: { name: mnist-1d }
model: { hidden: [width], init_std: 0.3 }
training: { learning_rate: 0.02, passes: 40 }
sweep: { dataset.examples: [12, 24, 48] }
ask: [threshold]
`;
const study = parseStudy(TEXT, "growing.yaml", CATALOGUE);
const alone = parseStudy(
  TEXT.replace(/^sweep.*$/m, "").replace("mnist-1d", "mnist-1d, examples: 24"),
  "alone.yaml",
  CATALOGUE,
);

test("each value has its threshold, the table and the figure have all, and a power law is fitted", async () => {
  const { dataset, origin } = await loadDataset(study.dataset, CATALOGUE.datasets);
  const store = new MemoryStore();
  const context = { catalogue: CATALOGUE, dataset, store, sha256 };
  const pool = await createNodePool({ dataset, workers: 1, sha256 });
  try {
    const result = await runStudy(study, { ...context, pool });
    const { thresholds = [], outcomes } = result;
    expect(thresholds.map(({ values }) => values["dataset.examples"])).toEqual([12, 24, 48]);
    const trained = thresholds
      .flatMap(({ visits }) => visits)
      .reduce((sum, one) => sum + one.seeds, 0);
    expect(outcomes).toHaveLength(trained);

    // Alone each is what a study without the axis finds.
    const single = await runStudy(alone, { ...context, pool });
    expect(thresholds[1]).toMatchObject({ ...single.threshold });

    const kept = await store.study(result.id);
    expect(kept && (await answerFromStore(kept, context)).fingerprint).toBe(result.fingerprint);

    const provenance = {
      ...{ versions: { numerics: 1 }, seconds: {}, command: "as a library" },
      dataset: { name: dataset.name, digest: dataset.digest, origin },
    };
    const found = answered(result, CATALOGUE);
    expect(found.answers.get("threshold")?.lines?.[0]).toMatch(
      new RegExp(`^threshold within ${study.training.passes} passes \\(95 % confidence each, `),
    );
    const files = renderReport(found, provenance);
    expect([...files.keys()].sort()).toEqual(reportFileNames(study, CATALOGUE, "paper").sort());
    const summary = JSON.parse(files.get("summary.json") as string) as {
      threshold: { points: Record<string, unknown>; exponent: { interval: number[]; by: string } };
    };
    const [first] = thresholds;
    expect(Object.keys(summary.threshold.points)).toEqual(["12", "24", "48"]);
    expect(summary.threshold.points["12"]).toEqual({
      interval: [first.low, first.high],
      confidence: 0.95,
      rule: (12 * 10) / (40 + 10),
      visits: first.visits,
      violations: [],
    });
    expect(summary.threshold.exponent.by).toContain("over 3 thresholds");
    expect(summary.threshold.exponent.interval).toHaveLength(2);
    expect(files.get("report.md")).toContain("The threshold goes as **examples to the power");

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
    const unknown = {
      ...claims,
      fingerprints: { "width=4,dataset.examples=13": ["a".repeat(64)] },
    };
    expect(() => claimedTrials(unknown, dataset, CATALOGUE, sha256, "x")).toThrow(
      "x: it tells of 1 seeds of width width=4,dataset.examples=13; expected",
    );
  } finally {
    await pool.close();
  }
});
