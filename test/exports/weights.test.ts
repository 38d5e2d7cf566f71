// Exported weights give the recorded accuracy on raw images in NumPy and in PyTorch (predict.py), which are standardized
// with the numbers exported, and these are the ones that NumPy computes. NumPy and PyTorch add in another order than
// the kernel does, so an example whose two largest scores are within rounding of each other may change sides.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";
import { dump } from "npyjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256 } from "../../dist/base/sha256.node.js";
import type { NodePool } from "../../dist/pool/node/node-pool.js";
import type { Dataset } from "../../src/data/dataset.ts";
import { npz } from "../../src/export/npz.ts";
import { safetensors } from "../../src/export/safetensors.ts";
import type { Parameters } from "../../src/model/network.ts";
import { trainOn } from "../../src/pool/pool.ts";
import { standardization } from "../../src/training/standardization.ts";
import { trialDraws } from "../../src/training/streams.ts";
import type { ExampleChoices, TrialSpecification } from "../../src/model/trial.ts";
import { openPool } from "../support/pool.ts";

/** Predictions that rounding may turn; none was seen. */
const TURNED = 2;

const PYTHON = "/usr/bin/python3";
const SCRIPT = fileURLToPath(new URL("predict.py", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "widthwise-weights-"));
let opened: { dataset: Dataset; pool: NodePool };

beforeAll(async () => {
  opened = await openPool(1);
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await opened.pool.close();
});

/** Why the comparison cannot be made here; null where it can. */
function missing(): string | null {
  try {
    execFileSync(PYTHON, ["-c", "import numpy, torch"], { stdio: "ignore" });
    return null;
  } catch {
    return `${PYTHON} has no PyTorch: install Debian's python3-torch`;
  }
}

test.for<[number[], ExampleChoices]>([
  [[], {}],
  [[32], {}],
  [[24, 16], {}],
  [[32], { standardize: "whole", part: { of: 3, index: 2 } }],
  [[32], { standardize: "unit", label_noise: { share: 0.2 } }],
])("hidden layers %j, with %j", async ([hidden, choices], { skip }) => {
  const reason = missing();
  skip(reason !== null, reason ?? "");
  const { dataset, pool } = opened;
  const specification: TrialSpecification = {
    numerics: 1,
    data: { dataset: dataset.digest, train_examples: 6000, ...choices },
    model: { hidden, init_std: 0.05 },
    training: { learning_rate: 0.002, regularization: 0 },
    streams: { kind: "named", study_seed: 0, seed: 1 },
  };
  const weights: Parameters[] = [];
  const { key, trajectory, fingerprint } = await trainOn(
    pool,
    { specification, passes: 3 },
    { onPass: ({ checkpoint }) => weights.push(checkpoint.parameters) },
  );
  const parameters = weights[3];
  const metadata = { key, fingerprint, passes: "3" };
  const inputs = standardization(specification, dataset, sha256);
  writeFileSync(join(folder, "weights.npz"), npz(parameters, inputs));
  writeFileSync(join(folder, "weights.safetensors"), safetensors(parameters, inputs, metadata));
  writeFileSync(join(folder, "data.npz"), rawData(dataset, specification));

  const printed = execFileSync(PYTHON, [SCRIPT, folder, choices.standardize ?? "per feature"], {
    encoding: "utf8",
  });
  const found = JSON.parse(printed) as {
    right: { numpy: [number, number]; torch: [number, number] };
    same_inputs: Record<string, boolean>;
    metadata: unknown;
  };
  expect(found.metadata).toEqual(metadata);
  expect(found.same_inputs).toEqual({ numpy: true, torch: true });
  const last = trajectory[3];
  for (const [train, test] of Object.values(found.right)) {
    expect(Math.abs(train - last.train.correct)).toBeLessThanOrEqual(TURNED);
    expect(Math.abs(test - last.test.correct)).toBeLessThanOrEqual(TURNED);
  }
  expect(last.test.correct, "a network that has learned").toBeGreaterThan(7000);
});

/** The images that the trial saw, as the data set's files hold them. */
function rawData(dataset: Dataset, specification: TrialSpecification): Uint8Array {
  const { train, test, classes } = dataset;
  const shape = { inputs: train.size, hidden: [], classes };
  const { subset, labels } = trialDraws(specification, shape, train.examples, sha256);
  if (subset === null) throw new Error("expected a subset");
  const images = new Uint8Array(subset.length * train.size);
  subset.forEach((index, row) => {
    const from = index * train.size;
    images.set(train.values.subarray(from, from + train.size), row * train.size);
  });
  const array = (values: Uint8Array | Float32Array, ...dimensions: number[]) =>
    new Uint8Array(dump(values, dimensions));
  return zipSync(
    {
      "train_images.npy": array(images, subset.length, train.size),
      "train_labels.npy": array(labels(dataset), subset.length),
      "test_images.npy": array(test.values, test.examples, test.size),
      "test_labels.npy": array(test.labels, test.examples),
    },
    { level: 0 },
  );
}
