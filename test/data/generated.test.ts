// Studies of generated data sets: what they may say, what their ids hash, and that they can be stopped.

import { expect, test } from "vitest";
import { sha256 } from "../../src/base/sha256.node.ts";
import { loadDataset } from "../../src/data/load.node.ts";
import { CATALOGUE } from "../../src/questions/catalogue.ts";
import { studyId } from "../../src/records/fingerprint.ts";
import { parseStudy } from "../../src/study/language/parse.ts";

function study(dataset: string) {
  const text = `
name: mine
question: How wide?
dataset: ${dataset}
model: { hidden: [8], init_std: 0.1 }
training: { learning_rate: 0.01, passes: 1 }
`;
  return parseStudy(text, "mine.yaml", CATALOGUE);
}

test.each([
  [
    "{ name: mnist-1d }",
    "{ name: mnist-1d, num_samples: 5000, train_split: 0.8, template_len: 12, padding: [36, 60], scale_coeff: 0.4, " +
      "max_translation: 48, corr_noise_scale: 0.25, iid_noise_scale: 0.02, shear_scale: 0.75, shuffle_seq: false, " +
      "final_seq_length: 40, seed: 42 }",
  ],
  [
    "{ name: gaussian-clusters }",
    "{ name: gaussian-clusters, train: 1000, test: 1000, inputs: 20, classes: 10, separation: 1, seed: 0 }",
  ],
  [
    "{ name: teacher, train: 9, test: 8, inputs: 7, classes: 6 }",
    "{ name: teacher, train: 9, test: 8, inputs: 7, classes: 6, hidden: [8], seed: 0 }",
  ],
  [
    "{ name: modular-addition }",
    "{ name: modular-addition, modulus: 97, train_share: 0.5, seed: 0 }",
  ],
])("%s means the same as with its defaults written out", (short, long) => {
  const [one, other] = [short, long].map((dataset) => studyId(study(dataset), "d", sha256));
  expect(one).toBe(other);
  expect(studyId(study(long.replace(/seed: \d+/, "seed: 7")), "d", sha256)).not.toBe(one);
});

test.each([
  ["{ name: mnist1d }", "4:18 dataset.name: expected fashion-mnist or mnist or mnist-1d or"],
  ["{ name: mnist-1d, padding: [36, -1] }", "4:42 dataset.padding[1]: expected an integer from 0"],
  ["{ name: teacher }", "4:1 dataset.train: missing; expected an integer from 1"],
  [
    "{ name: modular-addition, modulo: 97 }",
    "4:36 dataset.modulo: unknown key; did you mean modulus",
  ],
])("%s is refused where it stands", (dataset, sentence) => {
  expect(() => study(dataset)).toThrow(`mine.yaml:${sentence}`);
});

test("a data set that takes long can be given up", async () => {
  const interruption = new AbortController();
  const { signal } = interruption;
  const loading = loadDataset({ name: "gaussian-clusters", train: 2 ** 20 }, undefined, { signal });
  interruption.abort();
  await expect(loading).rejects.toThrow("aborted");
});
