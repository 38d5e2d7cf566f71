// Ids and keys of what exists do not change: these were hashed before a model and its training had parts to choose from.

import { widthOf } from "../records/point.ts";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DATASET_SIZES as dataset } from "../../test/support/studies.ts";
import { sha256 } from "../base/sha256.node.ts";
import { studyId, trialKey } from "../records/fingerprint.ts";
import { parseStudy } from "./language/parse.ts";
import { CATALOGUE } from "../questions/catalogue.ts";
import { FASHION_MNIST_DIGEST } from "../data/sets/fashion-mnist.ts";
import { idOf } from "./result.ts";
import { sweepPlan } from "./plans/sweep.ts";

const TEXT = readFileSync(new URL("../../studies/homework.yaml", import.meta.url), "utf8");

/** The homework with every default written out. */
const WRITTEN_OUT = TEXT.replace(
  /^( +)init_std: .*$/m,
  "$1init: { kind: normal, std: 1.0e-6 }\n$1activation: relu\n$1bias: true\n$1parametrization: standard",
).replace(
  /^( +)passes: .*$/m,
  "$&\n$1objective: cross-entropy\n$1optimizer: { kind: sgd, momentum: 0, nesterov: false }\n$1batch: 1\n$1schedule: constant\n$1order: with replacement",
);

test.each([
  ["as it is", TEXT],
  ["with every default written out", WRITTEN_OUT],
])("the homework's id and its trials' keys: %s", (_, text) => {
  const homework = parseStudy(text, "homework.yaml", CATALOGUE);
  expect(studyId(homework, dataset.digest, sha256)).toBe(
    "7ed931972a9ab0171d5bca57c1025eab4e4e1ace01cee72a0abfc9c65ab1b21d",
  );
  const next = sweepPlan(homework, dataset, 0.005)(() => undefined);
  const trials = "trials" in next ? next.trials : [];
  const third = [...trials].find((one) => widthOf(one) === 32);
  expect(third && trialKey(third.trial.specification, sha256)).toBe(
    "e8e1a0bbb055a38caee7f17b0326434bbca2de1b2357c982285985b76d2e788d",
  );
});

test("data are known by their numbers: a path is not hashed, nor what a data set is made of, but FashionMNIST is named", () => {
  const id = (data: string, digest: string) => {
    const text = TEXT.replace(/^dataset:\n( .*\n)+/m, `dataset: ${data}\n`);
    const seeded = text.replace(/kind: notebook[^]*/, "kind: named\n");
    return idOf(parseStudy(seeded, "a.yaml", CATALOGUE), { ...dataset, digest }, sha256);
  };
  const named = id("{ name: fashion-mnist, fraction: 0.1 }", FASHION_MNIST_DIGEST);
  expect(id("{ path: f.npz, fraction: 0.1 }", FASHION_MNIST_DIGEST)).toBe(named);
  expect(id("{ path: a.csv, label: c, test: b.csv, examples: 6000 }", FASHION_MNIST_DIGEST)).toBe(
    named,
  );
  const other = id("{ path: f.npz, fraction: 0.1 }", "ab".repeat(32));
  expect(other).not.toBe(named);
  expect(id("{ name: mnist-1d, seed: 7, fraction: 0.1 }", "ab".repeat(32))).toBe(other);
  expect(id("{ name: mnist-1d, fraction: 0.1 }", "cd".repeat(32))).not.toBe(other);
});

test("what is written out there is read", () => {
  expect(WRITTEN_OUT).toContain("activation: relu");
  expect(WRITTEN_OUT).toContain("objective: cross-entropy");
});
