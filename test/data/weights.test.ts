// PyTorch's weights, from its state dict and from NumPy, start a trial: the objectives are PyTorch's, and what is exported
// loads back. test/data/weights/make.py made the files and what is expected of them.

import { readFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256 } from "../../dist/base/sha256.node.js";
import { createNodePool } from "../../dist/pool/node/node-pool.js";
import type { LoadedDataset } from "../../src/data/dataset.ts";
import { loadPath } from "../../src/data/load-path.node.ts";
import { loadParameters } from "../../src/data/weights/load.node.ts";
import { npz } from "../../src/export/npz.ts";
import { safetensors } from "../../src/export/safetensors.ts";
import { parametersDigest } from "../../src/records/given-parameters.ts";
import { MemoryStore } from "../../src/records/memory-store.ts";
import { CATALOGUE } from "../../src/questions/catalogue.ts";
import { withGiven } from "../../src/study/given.ts";
import { runStudy } from "../../src/study/run.ts";
import { parseStudy } from "../../src/study/language/parse.ts";
import { standardization } from "../../src/training/standardization.ts";

const FILES = fileURLToPath(new URL("weights/", import.meta.url));

interface Expected {
  readonly hidden: readonly number[];
  readonly activation: string;
  readonly bias: boolean;
  readonly digest: string;
  readonly objectives: readonly number[];
}
const EXPECTED = JSON.parse(readFileSync(join(FILES, "expected.json"), "utf8")) as Record<
  string,
  Expected
>;

const folder = mkdtempSync(join(tmpdir(), "widthwise-given-"));
let dataset: LoadedDataset["dataset"];
beforeAll(async () => {
  ({ dataset } = await loadPath(join(FILES, "data.npz")));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.for(Object.entries(EXPECTED))("%s", async ([file, { digest, objectives, ...model }]) => {
  const written = {
    name: "given",
    question: "?",
    dataset: { path: "data.npz", standardize: "none" },
    model: { ...model, init: { kind: "file", path: join(FILES, file) } },
    training: { learning_rate: 0.05, passes: 2, order: "in order" },
  };
  const asked = parseStudy(JSON.stringify(written), "given.yaml", CATALOGUE);
  const store = new MemoryStore();
  const context = { dataset, store, sha256 };
  const { study, given } = await withGiven(asked, { ...context, load: loadParameters });
  expect([...given.keys()]).toEqual([digest]);
  const pool = await createNodePool({ dataset, workers: 1, sha256, given });
  try {
    const result = await runStudy(study, { ...context, catalogue: CATALOGUE, pool, given });
    const [{ record }] = result.outcomes;
    expect(record.specification.model.init).toEqual({ parameters: digest });
    expect(JSON.stringify(record.specification)).not.toContain("init_std");
    record.trajectory.forEach(({ train }, pass) => {
      expect(Math.abs(train.objective - objectives[pass])).toBeLessThan(1e-6);
    });
    expect(record.trajectory).toHaveLength(3);

    const trained = await store.parameters(record.key, 2);
    if (trained === null) throw new Error("expected weights");
    const inputs = standardization(record.specification, dataset, sha256);
    const exported = { npz: npz(trained, inputs), safetensors: safetensors(trained, inputs, {}) };
    const shape = {
      ...{ inputs: dataset.train.size, hidden: model.hidden, classes: dataset.classes },
      ...(!model.bias && { bias: false as const }),
    };
    for (const [format, bytes] of Object.entries(exported)) {
      const path = join(folder, `${file}.${format}`);
      writeFileSync(path, bytes);
      expect(await loadParameters(path, shape)).toEqual(trained);
    }
    expect(parametersDigest(trained, sha256)).not.toBe(digest);
  } finally {
    await pool.close();
  }
});
