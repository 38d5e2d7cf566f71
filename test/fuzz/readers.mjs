// The readers of what a user can hand over, each with valid inputs to mutate, its whole reading, and its first check.

import { Buffer } from "node:buffer";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { URL } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { parseDocument } from "yaml";
import { CATALOGUE } from "../../dist/questions/catalogue.js";
import { readReportFile } from "../../dist/cli/report-file.js";
import { findStudy } from "../../dist/cli/study-files.js";
import { parseIdx } from "../../dist/data/formats/idx.js";
import { assembleDataset } from "../../dist/data/formats/idx-dataset.js";
import { isGzip, unpack } from "../../dist/data/sources/unpack.node.js";
import { sha256 } from "../../dist/base/sha256.node.js";
import { hex } from "../../dist/base/sha256.js";
import { claimedTrials, contradictions } from "../../dist/study/checks/verify-report.js";
import { mutateBytes } from "./mutate-bytes.mjs";
import { mutateYaml } from "./mutate-yaml.mjs";
import { csv, npz } from "./path-readers.mjs";
import { store } from "./store-reader.mjs";
import { weights } from "./weights-reader.mjs";

/**
 * @typedef {import("./random.mjs").Random} Random
 *
 * @typedef {object} Reader
 * @property {number} share of a campaign's inputs; all shares add up to 1
 * @property {(random: Random) => Uint8Array} make a mutated input
 * @property {(bytes: Uint8Array, tell: (message: string) => void) => Promise<unknown>} read as the product does, to
 *   the end; `tell` takes what is told of damage that is no error
 * @property {(bytes: Uint8Array) => boolean | Promise<boolean>} passesFirst whether the format's own first check finds
 *   no fault
 * @property {() => void} [close]
 */

/** @type {Readonly<Record<string, () => Reader>>} */
export const READERS = {
  ...{ study, store, report, npz, csv, weights },
  ...{ "idx-plain": idxPlain, "idx-gzip": idxGzip },
};

/** A study's file, found by its path, as `widthwise run` reads it. First check: it is YAML. */
function study() {
  const folder = new URL("../../studies/", import.meta.url);
  const shipped = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  const texts = [...shipped.map((name) => readFileSync(new URL(name, folder), "utf8")), ...STUDIES];
  const file = join(tmpdir(), `widthwise-fuzz-${process.pid}.yaml`);
  return {
    share: 0.05,
    /** @param {Random} random */
    make(random) {
      const text = mutateYaml(random.pick(texts), random, random.pick(texts));
      const bytes = Buffer.from(text);
      return random.chance(0.1) ? mutateBytes(bytes, random, Buffer.from(texts[0])) : bytes;
    },
    /** @param {Uint8Array} bytes */
    read(bytes) {
      writeFileSync(file, bytes);
      return findStudy(file);
    },
    /** @param {Uint8Array} bytes */
    passesFirst(bytes) {
      const text = Buffer.from(bytes).toString();
      const document = attempt(() =>
        parseDocument(text, { prettyErrors: false, stringKeys: true }),
      );
      return document?.errors.length === 0 && document.warnings.length === 0;
    },
    close() {
      rmSync(file, { force: true });
    },
  };
}

/** A report's file, as `widthwise verify` reads it up to the training. First check: its data is JSON. */
function report() {
  const file = join(tmpdir(), `widthwise-fuzz-${process.pid}.html`);
  const summary = JSON.stringify(SUMMARY, null, 2);
  const block = '<script type="application/json" id="widthwise-summary">';
  const page = `<meta name="generator" content="widthwise"><main></main>\n${block}\n${summary}\n</script>\n`;
  const dataset = {
    digest: SUMMARY.dataset.digest,
    classes: 10,
    train: { examples: 60_000, size: 784 },
  };
  return {
    share: 0.05,
    /** @param {Random} random */
    make(random) {
      const text = Buffer.from(random.pick([summary, page]));
      if (random.chance(0.5)) return mutateBytes(text, random, Buffer.from(page));
      // Still JSON: a value in another one's place.
      const values = [...VALUES, summary];
      const at = random.below(20);
      let count = 0;
      const changed = summary.replace(/(?<=: )("[^"]*"|[\d.]+|null)/g, (value) =>
        count++ === at ? random.pick(values) : value,
      );
      return Buffer.from(changed);
    },
    /** @param {Uint8Array} bytes */
    async read(bytes) {
      writeFileSync(file, bytes);
      const claims = await readReportFile(file, "it");
      return contradictions(
        claims,
        claimedTrials(claims, dataset, CATALOGUE, sha256, "it"),
        sha256,
      );
    },
    /** @param {Uint8Array} bytes */
    passesFirst(bytes) {
      const text = Buffer.from(bytes).toString();
      const data = text.split(block)[1]?.split("</script>", 1)[0] ?? text;
      return attempt(() => JSON.stringify(JSON.parse(data))) !== null;
    },
    close() {
      rmSync(file, { force: true });
    },
  };
}

/** What may stand for a value in JSON. */
const VALUES = [
  "null",
  "0",
  "-0",
  "1e999",
  "-1",
  "1.5",
  '""',
  '"\\u001b[2J"',
  "[]",
  "{}",
  "[[1]]",
  "true",
  "65536",
];

const SUMMARY = {
  study: "small",
  specification: {
    name: "small",
    question: "Why?",
    dataset: { name: "fashion-mnist", fraction: 0.01 },
    model: { hidden: ["width", 16], init_std: 0.01 },
    training: { learning_rate: "eta_star / 2", regularization: 0, passes: 3 },
    search: { width: 32, factor: 0.5 },
    sweep: { width: [4, 9] },
    streams: { kind: "named", study_seed: 3, seeds: [0, 1] },
  },
  dataset: { name: "fashion-mnist", digest: "ab".repeat(32) },
  eta_star: 0.01,
  learning_rate: 0.005,
  search: [0.1, 0.01, 0.02].map((rate) => ({ learning_rate: rate, fingerprint: "01".repeat(32) })),
  smallest_interpolating_width: 9,
  passes_to_interpolation: { 4: [null, null], 9: [2, 3] },
  fingerprints: {
    4: ["23", "45"].map((pair) => pair.repeat(32)),
    9: ["67", "89"].map((pair) => pair.repeat(32)),
  },
  fingerprint: "ef".repeat(32),
  seeds: [0, 1],
  versions: { widthwise: "0.1.0", numerics: 1 },
};

const STUDIES = [
  `name: small
question: How far does one seed carry?
dataset: { name: fashion-mnist, fraction: 0.01 }
model: { hidden: [width, 16], init_std: 0.01 }
training: { learning_rate: 0.005, regularization: 1.0e-4, passes: 3 }
sweep: { width: [4, 9] }
streams: { kind: named, study_seed: 3, seeds: 0..9 }
`,
  `name: noisy
question: What do wrong labels do?
dataset: { name: fashion-mnist, examples: 4000, part: { of: 5, index: 3 }, label_noise: { share: 0.2 }, standardize: whole }
model: { hidden: [8], init_std: 0.01 }
training: { learning_rate: 0.005, passes: 3 }
`,
  `name: redrawn
question: Which labels?
dataset:
  name: fashion-mnist
  label_noise: { probability: 0.2, kind: redrawn }
  standardize: per feature
model: { hidden: [8], init_std: 0.01 }
training: { learning_rate: 0.005, passes: 3 }
`,
  `name: steps
question: How are steps made?
dataset: { name: fashion-mnist }
model: { hidden: [8, 4], activation: tanh, init: he, bias: false }
training:
  learning_rate: 0.005
  passes: 3
  layer_rates: { weights: [1, 0.5, 2], biases: [1, 1, 1] }
  schedule: { kind: steps, at: [1, 2], factor: 0.5 }
  optimizer: { kind: sgd, momentum: 0.9, nesterov: true }
  batch: 32
  order: shuffled
`,
  `name: adam
question: How is Adam scaled?
dataset: { name: fashion-mnist }
model: { hidden: [width, width], init: { kind: normal, std: [0.1, 0.1, 0.01] }, parametrization: { kind: mup, base_width: 8 } }
training: { learning_rate: 0.005, passes: 3, optimizer: { kind: adam, beta1: 0.9, beta2: 0.99, epsilon: 1.0e-8, weight_decay: 0.1 }, batch: full, order: in order }
sweep: { width: [8, 16] }
`,
  `name: begun
question: What do these weights learn?
dataset: { name: mnist-1d }
model: { hidden: [8, 8], activation: tanh, init: { kind: file, path: init.npz, parameters: ${"3f".repeat(32)} } }
training: { learning_rate: 0.005, passes: 3 }
`,
  `name: looked-at
question: When is it looked at, and when does it end?
dataset: { name: gaussian-clusters, train: 60 }
model: { hidden: [width], activation: square, init: lecun, parametrization: ntk }
training: { learning_rate: eta_star / 2, passes: 9, objective: squared error, schedule: { kind: cosine, passes: 9 }, regularization: 0.1 }
search: { width: 8, factor: 0.9, seeds: all, rule: every }
stop: { after_interpolation: 5, train_loss_below: 1.0e-3 }
evaluate: { log: 20 }
measure: [sharpness, { sharpness: { examples: 9 } }, weight norms, predictions]
sweep: { width: [8, 16] }
`,
  `# Softmax regression, with nothing swept.
name: "linear"
question: >
  What does a model without a hidden layer
  reach?
dataset:
  name: fashion-mnist
model:
  hidden: []
  init_std: 0
training:
  learning_rate: eta_star / 2
  passes: 10
streams:
  kind: named
  seeds:
    - 1
    - 2
`,
];

/** What unpacks to more is a bomb. */
const SMALL = { maxOutputLength: 1 << 16 };

const DESCRIPTION = { name: "tiny", classNames: ["x", "y", "z"] };

/** Files of 6 training and 3 test images of 4 × 5 pixels. */
const FILES = [
  idx([6, 4, 5], (i) => (i * 37) & 255),
  idx([6], (i) => i % 3),
  idx([3, 4, 5], (i) => (i * 91) & 255),
  idx([3], (i) => i % 3),
];

/** An IDX file, alone and as one of a data set's four. First check: its header and its length. */
function idxPlain() {
  return {
    share: 0.28,
    /** @param {Random} random */
    make(random) {
      const at = random.below(FILES.length);
      return tagged(at, mutateBytes(FILES[at], random, random.pick(FILES)));
    },
    /** @param {Uint8Array} bytes */
    async read(bytes) {
      await readDataset(bytes[0], bytes.subarray(1), `file${bytes[0]}`);
    },
    /** @param {Uint8Array} bytes */
    passesFirst(bytes) {
      return attempt(() => parseIdx(bytes.subarray(1), "it")) !== null;
    },
  };
}

/** The same gzipped, and gzip bombs. First check: it is a whole gzip archive. */
function idxGzip() {
  const archives = FILES.map((file) => gzipSync(file));
  const bomb = gzipSync(Buffer.alloc(1 << 22));
  return {
    share: 0.18,
    /** @param {Random} random */
    make(random) {
      const at = random.below(archives.length);
      // Mutated inside the archive, outside, or both.
      const inside = random.chance(0.4)
        ? gzipSync(mutateBytes(FILES[at], random, random.pick(FILES)), { level: 1 })
        : archives[at];
      const outside = random.chance(0.6)
        ? mutateBytes(inside, random, random.chance(0.05) ? bomb : random.pick(archives))
        : inside;
      return tagged(at, random.chance(0.01) ? bomb : outside);
    },
    /** @param {Uint8Array} bytes */
    async read(bytes) {
      await readDataset(bytes[0], bytes.subarray(1), `file${bytes[0]}.gz`);
    },
    /** @param {Uint8Array} bytes */
    passesFirst(bytes) {
      return attempt(() => gunzipSync(bytes.subarray(1), SMALL)) !== null;
    },
  };
}

/**
 * Unpacks `packed` as file `at` of the data set and puts it together with the other three. As if its digest and,
 * unless it is a bomb, its size were the published ones: else these would hide all that comes after.
 * @param {number} at
 * @param {Uint8Array} packed
 * @param {string} name
 */
async function readDataset(at, packed, name) {
  const plain = isGzip(packed) ? attempt(() => gunzipSync(packed, SMALL)) : packed;
  const bytes = plain?.length ?? FILES[at].length;
  const published = { name, bytes, sha256: hex(sha256(plain ?? packed)) };
  const content = await unpack(packed, published, name);
  const files = FILES.map((file, index) =>
    index === at ? content : { name: `file${index}`, bytes: file, digest: sha256(file) },
  );
  const [a, b, c, d] = files.map((file) => ({
    name: file.name,
    bytes: file.bytes.length,
    sha256: "",
  }));
  const contents = new Map(files.map((file) => [file.name, file]));
  assembleDataset({ ...DESCRIPTION, files: [a, b, c, d] }, contents, sha256);
}

/**
 * @param {number} at
 * @param {Uint8Array} bytes
 */
function tagged(at, bytes) {
  return Buffer.concat([Buffer.of(at), bytes]);
}

/**
 * @param {readonly number[]} dimensions
 * @param {(index: number) => number} value
 */
function idx(dimensions, value) {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.set([8, dimensions.length], 2);
  dimensions.forEach((dimension, i) => header.writeUInt32BE(dimension, 4 + 4 * i));
  const count = dimensions.reduce((product, dimension) => product * dimension, 1);
  return Buffer.concat([header, Buffer.from(Array.from({ length: count }, (_, i) => value(i)))]);
}

/**
 * @template T
 * @param {() => T} act
 * @returns {T | null}
 */
function attempt(act) {
  try {
    return act();
  } catch {
    return null;
  }
}
