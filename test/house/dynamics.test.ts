// Studies that look at what training does to a network, from their texts to their reports: coordinates, and sharpness.

import { readFileSync } from "node:fs";
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

const text = (more: string) => `
name: dynamics
question: What does training do?
dataset: { name: mnist-1d, examples: 40 }
model: { hidden: [width, width], init: lecun, activation: tanh }
training: { learning_rate: 0.2, passes: 6, batch: full }
sweep: { width: [4, 16, 32] }
streams: { seeds: 0..1 }
${more}`;

async function run(written: string) {
  const study = parseStudy(written, "a.yaml", CATALOGUE);
  const { dataset, origin } = await loadDataset(study.dataset, CATALOGUE.datasets);
  const pool = await createNodePool({ dataset, workers: 1, sha256 });
  try {
    const store = new MemoryStore();
    const result = await runStudy(study, { catalogue: CATALOGUE, dataset, pool, store, sha256 });
    const { name, digest } = dataset;
    const provenance = {
      ...{ versions: {}, seconds: {}, command: "as a library" },
      dataset: { name, digest, origin },
    };
    const files = renderReport(answered(result, CATALOGUE), provenance);
    expect([...files.keys()].sort()).toEqual(reportFileNames(study, CATALOGUE, "paper").sort());
    return {
      summary: JSON.parse(files.get("summary.json") as string) as Record<string, unknown>,
      report: files.get("report.md") as string,
    };
  } finally {
    await pool.close();
  }
}

const ESTIMATE = {
  value: expect.any(Number) as number,
  interval: [expect.any(Number) as number, expect.any(Number) as number],
  by: expect.any(String) as string,
};

test("coordinates are told by layer, with their exponents", async () => {
  const { summary, report } = await run(
    text("measure: [preactivations]\nask: [{ name: coordinate-check, passes: 3 }]"),
  );
  const layer = { ...ESTIMATE, verdict: expect.any(String) as string };
  const layers = { layer_1: layer, layer_2: layer, output: layer };
  expect(summary.coordinate_check).toEqual({
    ...{ passes: 3, pass_is_step: true, all: { size: layers, change: layers } },
  });
  expect(report).toContain("The mean change of preactivations after 3 steps: ");
  expect(report).toContain("With full batches a pass is one step.");
});

test("sharpness is told beside its limit, by width", async () => {
  const { summary, report } = await run(text("measure: [sharpness]\nask: [sharpness]"));
  const point = {
    ...{ initial: ESTIMATE, final: ESTIMATE, ratio: ESTIMATE, reaching: ESTIMATE },
    reached: expect.objectContaining({ by: expect.any(String) as string }) as object,
    near: expect.toBeOneOf([null, expect.anything()]) as unknown,
  };
  expect(summary.sharpness).toEqual({ limit: "2/η", points: { 4: point, 16: point, 32: point } });
  expect(report).toMatch(/Width 16: the sharpness goes from .* of 2\/η; /);
});

test("the documentation's studies are studies", () => {
  const documentation = readFileSync(new URL("../../docs/questions.md", import.meta.url), "utf8");
  const names = ["Rounding or seed", "Coordinate check", "Sharpness"];
  for (const name of names) {
    const [, snippet = ""] = documentation.split(`## ${name}\n`).at(1)?.split("```yaml\n") ?? [];
    const written = snippet.split("```")[0];
    expect(written.trim().split("\n").length).toBeLessThanOrEqual(12);
    expect(parseStudy(written, "questions.md", CATALOGUE).ask?.[0].name).toBe(
      name.toLowerCase().replaceAll(" ", "-"),
    );
  }
});
