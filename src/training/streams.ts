// What a trial draws at random: its subset, its initial weights, and the generator of its order of examples.
// Both disciplines of streams (docs/numerics.md) behind one interface.

import {
  givenDigest,
  initialParameters,
  type GivenParameters,
  type Source,
} from "../model/initializations/initialization.ts";
import { layerWeights, type Parameters, type Shape } from "../model/network.ts";
import { statesOf } from "../model/optimizers/choice.ts";
import { namedStream } from "../random/named.ts";
import { NumpyRandomState } from "../random/numpy.ts";
import { WidthwiseError } from "../base/errors.ts";
import { inParts, type Parts } from "../base/parts.ts";
import { TorchGenerator } from "../random/torch.ts";
import type { Sha256 } from "../base/sha256.ts";
import type { Checkpoint } from "./train.ts";
import type { Dataset } from "../data/dataset.ts";
import { noisyLabels } from "../data/label-noise.ts";
import { partPlaces, subsetLabels } from "../data/subset.ts";
import {
  checkStreams,
  type NamedStreams,
  type NotebookStreams,
  type TrialSpecification,
} from "../model/trial.ts";

/** What a trial draws before its first step. */
export interface TrialDraws {
  /** Indices of the training examples that are kept, in their order; null for all of them, in the set's. */
  readonly subset: Uint32Array | null;
  /** Draws the labels that the trial learns, (n): the subset's, with noise where the specification has some. */
  readonly labels: (dataset: Dataset) => Uint8Array;
  /**
   * Draws the initial weights, in parts: the checkpoint of pass 0. Its generator then draws, for each pass, n
   * indices into the subset with replacement.
   */
  readonly start: () => Parts<Checkpoint>;
}

interface Draws extends Pick<TrialDraws, "subset" | "labels"> {
  /** Initial weights, and the generator of the order of examples. */
  readonly begin: () => Parts<{ readonly initial: Parameters; readonly order: NumpyRandomState }>;
}

type Initialize = (source: Source) => Parts<Parameters>;

/**
 * The draws of a trial on `available` training examples. `shape` is that of its network; `given` has the parameters that
 * it begins with where it draws none.
 * Throws InputError where a seed is out of range, or as `checkStreams` does.
 */
export function trialDraws(
  specification: TrialSpecification,
  shape: Shape,
  available: number,
  sha256: Sha256,
  given?: GivenParameters,
): TrialDraws {
  checkStreams(specification);
  const { streams, data, model, training } = specification;
  const digest = givenDigest(model);
  const initialize: Initialize = (source) =>
    digest === null ? initialParameters(shape, model, source) : copied(digest, given);
  const { subset, labels, begin } =
    streams.kind === "notebook"
      ? notebookDraws(streams, shape, initialize, available, data.train_examples)
      : namedDraws(streams, initialize, available, data, sha256);
  return {
    ...{ subset, labels },
    *start() {
      const { initial, order } = yield* begin();
      if (model.perturbation !== undefined)
        yield* perturb(initial, namedStream(sha256, 0, model.perturbation, "perturbation"));
      const state = Array.from({ length: statesOf(training) }, () => zeros(initial));
      return { pass: 0, parameters: initial, state, order: order.snapshot(), average: 0 };
    },
  };
}

function zeros({ weights, biases }: Parameters): Parameters {
  const of = (arrays: readonly Float32Array[]) =>
    arrays.map(({ length }) => new Float32Array(length));
  return { weights: of(weights), biases: of(biases) };
}

/** A copy: who trains from it may change it. */
// eslint-disable-next-line require-yield
function* copied(digest: string, given: GivenParameters | undefined): Parts<Parameters> {
  const parameters = given?.get(digest);
  if (parameters === undefined)
    throw new WidthwiseError(
      `the initial parameters ${digest.slice(0, 12)} are not at hand; run the study with the file that has them`,
    );
  const copy = (arrays: readonly Float32Array[]) => arrays.map((array) => array.slice());
  return { weights: copy(parameters.weights), biases: copy(parameters.biases) };
}

function drawSubset(
  source: NumpyRandomState,
  available: number,
  count: number,
): Uint32Array | null {
  return count === available ? null : source.choiceWithoutReplacement(available, count);
}

function notebookDraws(
  { numpy_seed, torch_seed, after }: NotebookStreams,
  shape: Shape,
  initialize: Initialize,
  available: number,
  count: number,
): Draws {
  const numpy = new NumpyRandomState(numpy_seed);
  const subset = drawSubset(numpy, available, count);
  return {
    subset,
    labels: ({ train }) => subsetLabels(train, subset),
    *begin() {
      const torch = new TorchGenerator(torch_seed);
      for (const { hidden, passes } of after) {
        for (const size of layerWeights({ ...shape, hidden })) torch.skip(size);
        yield* inParts(passes * count, (from, to) => {
          numpy.skipRandints(count, to - from);
        });
      }
      const initial = yield* initialize({
        normals: (size) => torch.randnInParts(size),
        uniform() {
          throw new Error("the notebook drew normal weights");
        },
      });
      return { initial, order: numpy };
    },
  };
}

function namedDraws(
  { study_seed, seed }: NamedStreams,
  initialize: Initialize,
  available: number,
  { train_examples, part, label_noise }: TrialSpecification["data"],
  sha256: Sha256,
): Draws {
  // The same parts whatever the trial's seed.
  const within =
    part &&
    namedStream(sha256, study_seed, 0, "part")
      .permutation(available)
      .subarray(...partPlaces(part, available));
  const source = namedStream(sha256, study_seed, seed, "subset");
  const drawn = drawSubset(source, within?.length ?? available, train_examples);
  const subset = within && drawn ? drawn.map((place) => within[place]) : (within ?? drawn);
  return {
    subset,
    labels(dataset) {
      if (label_noise === undefined) return subsetLabels(dataset.train, subset);
      const stream = namedStream(sha256, study_seed, seed, "noise");
      return noisyLabels(dataset, subset, label_noise, stream);
    },
    *begin() {
      const stream = namedStream(sha256, study_seed, seed, "init");
      const initial = yield* initialize({
        normals: (size) => stream.standardNormals(size),
        uniform: () => stream.random(),
      });
      return { initial, order: namedStream(sha256, study_seed, seed, "order") };
    },
  };
}

/** Moves every weight by one unit in the last place: away from zero where the draw is odd, else towards it. */
function* perturb({ weights }: Parameters, stream: NumpyRandomState): Parts<void> {
  for (const matrix of weights) {
    const bits = new Int32Array(matrix.buffer, matrix.byteOffset, matrix.length);
    yield* inParts(matrix.length, (from, to) => {
      const directions = stream.randints(2, to - from);
      for (let i = from; i < to; i++) {
        if (matrix[i] !== 0) bits[i] += directions[i - from] === 1 ? 1 : -1;
      }
    });
  }
}
