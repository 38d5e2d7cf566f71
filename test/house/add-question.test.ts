// A data set and a question are added from outside, as CONTRIBUTING.md says: through the public entry, and a line each
// in a catalogue. A study asks for them, and is run to its report.

import { describe, expect, test } from "vitest";
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
import { parity } from "./fixtures/parity.ts";
import { steepestPass } from "./fixtures/steepest-pass.ts";

const catalogue = {
  datasets: { ...CATALOGUE.datasets, parity },
  questions: { ...CATALOGUE.questions, "steepest-pass": steepestPass },
};

const written = (rate: string, ask: string) => `
name: parity
question: When does a network learn parity fastest?
dataset: { name: parity, bits: 4 }
model: { hidden: [width], init_std: 0.5 }
training: { learning_rate: ${rate}, passes: 6 }
sweep: { width: [2, 8] }
streams: { kind: named, seeds: [1] }
search: { width: 8, factor: 0.99 }
ask: ${ask}
`;

async function run(text: string) {
  const study = parseStudy(text, "parity.yaml", catalogue);
  const { dataset, origin } = await loadDataset(study.dataset, catalogue.datasets);
  const pool = await createNodePool({ dataset, workers: 1, sha256 });
  try {
    const store = new MemoryStore();
    const result = await runStudy(study, { catalogue, dataset, pool, store, sha256 });
    const { name, digest } = dataset;
    const provenance = {
      ...{ versions: {}, seconds: {}, command: "as a library" },
      dataset: { name, digest, origin },
    };
    const files = renderReport(answered(result, catalogue), provenance);
    expect([...files.keys()].sort()).toEqual(reportFileNames(study, catalogue, "paper").sort());
    const summary = JSON.parse(files.get("summary.json") as string) as Record<string, unknown>;
    return { result, files, summary, report: files.get("report.md") as string };
  } finally {
    await pool.close();
  }
}

describe("a study of a data set and with a question from outside", () => {
  const text = written("0.05", "[{ name: steepest-pass, set: test }, learning-curves]");

  test("is run to its report", async () => {
    const { result, files, summary, report } = await run(text);
    expect(result.outcomes.map(({ point }) => point.values.width)).toEqual([2, 8]);
    // 16 patterns of 4 bits.
    expect(result.outcomes[0].record.trajectory[0].train.examples).toBe(16);
    const passes = result.outcomes.map(({ record: { trajectory } }) => {
      const losses = trajectory.map(({ test }) => test.objective);
      const falls = losses.slice(1).map((loss, pass) => losses[pass] - loss);
      return 1 + falls.indexOf(Math.max(...falls));
    });
    expect(summary.steepest_pass).toEqual({ 2: passes[0], 8: passes[1] });
    expect(report).toContain(
      `The test loss falls the most in pass ${passes[0]} at width 2 and pass ${passes[1]} at width 8.`,
    );
    expect(report).toContain("## The steepest pass");
    expect(files.get("steepest-pass.svg")).toContain("<rect");
    expect(files.has("curves.png")).toBe(true);
  });

  test("tells nothing of what it does not ask, but the rate that it was trained at", async () => {
    const { files, summary, report } = await run(text);
    expect(files.has("interpolation.svg")).toBe(false);
    expect(summary).not.toHaveProperty("smallest_interpolating_width");
    expect(summary).not.toHaveProperty("passes_to_interpolation");
    expect(summary).toMatchObject({ learning_rate: 0.05, final: {} });
    expect(report).toContain("The study gives its learning rate: 0.05.");
    expect(report).not.toContain("The smallest width");
  });

  test("is refused where it is not known", () => {
    expect(() => parseStudy(text, "parity.yaml", CATALOGUE)).toThrow(
      /^parity.yaml:4:18 dataset.name: expected fashion-mnist.*got "parity"/,
    );
    const asks = text.replace("parity, bits: 4", "fashion-mnist");
    expect(() => parseStudy(asks, "parity.yaml", CATALOGUE)).toThrow(
      /ask\[0\].name: expected learning-curves or .*got "steepest-pass"/,
    );
    expect(() => parseStudy(text.replace("set: test", "set: tset"), "x", catalogue)).toThrow(
      /^x:10:\d+ ask\[0\].set/,
    );
  });
});

test("a study that asks for its learning rate alone trains its search alone", async () => {
  const { result, files, summary } = await run(written("eta_star / 2", "[learning-rate-search]"));
  expect(result.outcomes).toEqual([]);
  expect(summary.eta_star).toBe(result.search?.eta_star);
  expect(summary.fingerprints).toEqual({});
  expect([...files.keys()].filter((name) => name.endsWith(".svg"))).toEqual(["learning-rate.svg"]);
  expect(() => parseStudy(written("0.1", "[learning-rate-search]"), "x", catalogue)).toThrow(
    "x:10:7 ask[0]: this asks for the search of a learning rate",
  );
});
