// A study of parts, trained and answered: its bias and variance against what its kept predictions give by the formula.

import { expect, test } from "vitest";
import {
  answered,
  CATALOGUE,
  createNodePool,
  loadDataset,
  MemoryStore,
  parseStudy,
  runStudy,
  sha256,
} from "../../dist/node.js";

const STUDY = `
name: parts
question: "?"
dataset: { name: gaussian-clusters, inputs: 4, classes: 3, separation: 1, train: 60, test: 20 }
model: { hidden: [width], init: he }
training: { learning_rate: 0.1, batch: 10, passes: 3 }
sweep: { width: [2, 4], dataset.part: [{ of: 2, index: 0 }, { of: 2, index: 1 }] }
streams: { seeds: [0, 1, 2] }
measure: [predictions, brier score]
ask: [bias-variance]
`;

test("bias and variance are those of the predictions that are kept, with models of two seeds in a group", async () => {
  const study = parseStudy(STUDY, "parts.yaml", CATALOGUE);
  const { dataset } = await loadDataset(study.dataset);
  const pool = await createNodePool({ dataset, workers: 1, sha256 });
  const store = new MemoryStore();
  const context = { catalogue: CATALOGUE, dataset, pool, store, sha256 };
  try {
    const result = await runStudy(study, context);
    const probabilities = async (width: number, index: number, seed: number) => {
      const found = result.outcomes.find(
        ({ point }) =>
          point.values.width === width &&
          point.values["dataset.part"] === `{of: 2, index: ${index}}` &&
          point.seed === seed,
      );
      const kept = await store.measurements(found?.record.key ?? "");
      const bytes = kept.find(({ name }) => name === "predictions")?.values.slice();
      return new Float32Array(bytes?.buffer ?? new ArrayBuffer(0));
    };
    const labels = dataset.test.labels;
    for (const width of [2, 4]) {
      let [variance, risk] = [0, 0];
      for (const seed of [0, 1, 2]) {
        const models = [
          await probabilities(width, 0, seed),
          await probabilities(width, 1, (seed + 1) % 3),
        ];
        for (let at = 0; at < 60; at++) {
          const y = labels[Math.floor(at / 3)] === at % 3 ? 1 : 0;
          variance += (models[0][at] - models[1][at]) ** 2 / 2 / 20 / 3;
          for (const model of models) risk += (model[at] - y) ** 2 / 2 / 20 / 3;
        }
      }
      const { bias_variance } = answered(result, CATALOGUE).answers.get("bias-variance")
        ?.summary as {
        bias_variance: { points: Record<string, Record<string, { value: number }>> };
      };
      const point = bias_variance.points[width];
      expect(point.variance.value).toBeCloseTo(variance, 6);
      expect(point.risk.value).toBeCloseTo(risk, 6);
      expect(point.bias_squared.value).toBeCloseTo(risk - variance, 6);
    }
  } finally {
    await pool.close();
  }
});
