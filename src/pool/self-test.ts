// Short trials that reach every function of the kernel and its tails, and the fingerprint that they must have.
// Knows nothing of compilers.

import type { Dataset, LabelledExamples } from "../data/dataset.ts";
import { createLocalHost, type Kernel } from "../kernel/host.ts";
import { NumpyRandomState } from "../random/numpy.ts";
import { studyFingerprint } from "../records/fingerprint.ts";
import type { Sha256 } from "../base/sha256.ts";
import { allNames, isDefault, MODEL_PARTS, TRAINING_PARTS } from "../model/parts.ts";
import type { Stepping } from "../model/optimizers/choice.ts";
import { specificationOf, type Trial } from "../model/trial.ts";
import { ExampleCache } from "./example-cache.ts";
import { localPool } from "./local-pool.ts";
import { trainOn } from "./pool.ts";

/** What selfTestFingerprint gives wherever the kernel computes what docs/numerics.md says. */
export const SELF_TEST_FINGERPRINT =
  "965d91320a5cbd13ed2cb81c1097a2a83dd3e18613b87ea663ae0af5bcaf7b8f";

/** Neither inputs nor steps nor test examples fill the last group, tile, block or pair. */
const INPUTS = 35;
const STEPS = 61;
const TEST_EXAMPLES = 75;
const CLASSES = 10;
const BLANK_INPUTS = 6;

const HIDDEN: readonly (readonly number[])[] = [[], [3], [8], [37], [512], [37, 9, 5]];

const DEFAULTS = {
  activation: MODEL_PARTS.activation.byDefault,
  objective: TRAINING_PARTS.objective.byDefault,
  init_std: 0.05,
};

/** The default activation and objective, then each other one beside a default: the kernel has no code for pairs. */
const FUNCTIONS = [
  DEFAULTS,
  ...allNames(MODEL_PARTS.activation)
    .filter((name) => !isDefault(MODEL_PARTS.activation, name))
    .map((activation) => ({ ...DEFAULTS, activation, init_std: 0.15 })),
  ...allNames(TRAINING_PARTS.objective)
    .filter((name) => !isDefault(TRAINING_PARTS.objective, name))
    // Scores that are far apart.
    .map((objective) => ({ ...DEFAULTS, objective, init_std: 0.3 })),
];

/** Others than the default ones are tried on the last of the shapes: what else they need is the same. */
const SHAPES_OF_OTHERS = HIDDEN.slice(-1);

const TRAININGS = [
  { learning_rate: 0.01, regularization: 0 },
  { learning_rate: 0.01, regularization: 0.01 },
  // Diverges, and goes on with numbers that are not finite.
  { learning_rate: 1e30, regularization: 0 },
];

const HIDDEN_OF_STEPPINGS: readonly (readonly number[])[] = [[37], [9, 37, 5]];

/** Blocks of several steps and batches that are blocks, by every optimizer. */
const STEPPINGS: readonly Stepping[] = [
  { batch: 3 },
  { batch: 20 },
  { optimizer: { kind: "sgd", momentum: 0.9 } },
  { batch: 3, optimizer: { kind: "sgd", momentum: 0.9, nesterov: true } },
  { batch: 20, optimizer: { kind: "sgd", momentum: 0.9 } },
  { batch: 20, optimizer: { kind: "sgd", momentum: 0.9, nesterov: true } },
  {
    batch: 20,
    optimizer: { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-3, weight_decay: 0.1 },
  },
];

/** The fingerprint of all trials together, hex; the kernel runs on this thread over `memory`. */
export async function selfTestFingerprint(
  kernel: Kernel,
  memory: WebAssembly.Memory,
  sha256: Sha256,
): Promise<string> {
  const fingerprints: string[] = [];
  for await (const fingerprint of selfTestFingerprints(kernel, memory, sha256))
    fingerprints.push(fingerprint);
  return studyFingerprint(fingerprints, sha256);
}

/** Each trial's, one after the other. */
export async function* selfTestFingerprints(
  kernel: Kernel,
  memory: WebAssembly.Memory,
  sha256: Sha256,
): AsyncGenerator<string> {
  const host = createLocalHost(kernel, memory);
  const poolOf = (dataset: Dataset) => {
    const examples = new ExampleCache(dataset);
    const pause = () => Promise.resolve();
    return localPool({ host, dataset, examples, sha256, now: () => 0, pause });
  };
  const dataset = madeUpDataset();
  const pool = poolOf(dataset);
  for (const functions of FUNCTIONS)
    for (const hidden of functions === DEFAULTS ? HIDDEN : SHAPES_OF_OTHERS)
      for (const training of TRAININGS) {
        const asked = trial(hidden, training, functions);
        yield (await trainOn(pool, asked, { pastDivergence: true })).fingerprint;
      }
  for (const stepping of STEPPINGS)
    for (const hidden of HIDDEN_OF_STEPPINGS)
      for (const training of TRAININGS.slice(0, 2))
        yield (await trainOn(pool, trial(hidden, { ...training, ...stepping }, DEFAULTS)))
          .fingerprint;
  // In batches an objective is that of several examples at once.
  for (const functions of FUNCTIONS.filter(({ objective }) => objective !== DEFAULTS.objective))
    yield (await trainOn(pool, trial([9, 37, 5], { ...TRAININGS[0], batch: 20 }, functions)))
      .fingerprint;
  const ofFloats = poolOf({ ...dataset, train: floats(dataset.train), test: floats(dataset.test) });
  yield (await trainOn(ofFloats, trial([], TRAININGS[0], DEFAULTS))).fingerprint;
}

function trial(
  hidden: readonly number[],
  training: (typeof TRAININGS)[number] & Stepping,
  { activation, objective, init_std }: typeof DEFAULTS,
): Trial {
  return {
    passes: 1,
    specification: specificationOf({
      data: { dataset: "", train_examples: STEPS },
      model: { hidden, init_std, activation },
      training: { ...training, objective },
      streams: { kind: "named", study_seed: 0, seed: 0 },
    }),
  };
}

/** Every fifth example begins with blank inputs, so that the last batch of an evaluation begins with the same values. */
function isBlank(example: number, input: number): boolean {
  return example % 5 === 0 && input < BLANK_INPUTS;
}

function floats(set: LabelledExamples): LabelledExamples {
  return { ...set, values: Float32Array.from(set.values) };
}

function madeUpDataset(): Dataset {
  const draws = new NumpyRandomState(0);
  const images = (examples: number): LabelledExamples => ({
    examples,
    size: INPUTS,
    values: Uint8Array.from(draws.randints(256, examples * INPUTS), (pixel, at) =>
      isBlank(Math.floor(at / INPUTS), at % INPUTS) ? 0 : pixel,
    ),
    labels: Uint8Array.from(draws.randints(CLASSES, examples)),
  });
  const train = images(STEPS);
  return { name: "made up", classes: CLASSES, train, test: images(TEST_EXAMPLES), digest: "" };
}
