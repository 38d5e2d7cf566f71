// What a trained network has learned: its first layer's weights, its dead units, and what it still has wrong.

import type { Dataset, LabelledExamples } from "../../data/dataset.ts";
import { standardizationOf, standardizeInto } from "../../data/standardize.ts";
import { subsetIndex } from "../../data/subset.ts";
import { MeasuredNetwork, scoresOf, slabsOf } from "../../measurements/network.ts";
import { float64 } from "../../model/arithmetic.ts";
import type { Parameters } from "../../model/network.ts";
import { probabilities } from "../../model/objectives/softmax.ts";
import { functionsOf } from "../../model/parts.ts";
import { shapeOf, type Trial } from "../../model/trial.ts";
import { pause } from "../../pool/web/pause.ts";
import { sha256 } from "../../pool/web/sha256.ts";
import { trialDraws } from "../../training/streams.ts";
import type { Inside, Miss } from "../protocol.ts";

const MOST_UNITS = 64;
const MOST_MISSES = 24;

/** Multiply-adds that a look may take, in each of the sets: about half a second. */
const WORK = 4e8;

export async function insideOf(
  trial: Trial,
  dataset: Dataset,
  parameters: Parameters,
  evaluation: Pick<Inside, "pass" | "fingerprint">,
): Promise<Inside> {
  const { specification } = trial;
  const shape = shapeOf(trial, dataset);
  const network = new MeasuredNetwork(shape, functionsOf(specification), parameters);
  const { subset, labels } = trialDraws(specification, shape, dataset.train.examples, sha256);
  const learned = labels(dataset);
  const rule = standardizationOf(dataset.train, subset, specification.data.standardize);
  const weights = parameters.weights.reduce((sum, { length }) => sum + length, 0);
  const most = Math.ceil(WORK / weights);
  const [hidden = 0] = shape.hidden;
  const awake = new Uint8Array(hidden);

  async function look(
    set: LabelledExamples,
    indices: Uint32Array | null,
    labels: Uint8Array,
    see: (label: number, predicted: number, confidence: number, index: number) => void,
    onActivations?: (values: Float64Array) => void,
  ): Promise<number> {
    const count = Math.min(labels.length, most);
    const places = Uint32Array.from({ length: count }, (_, n) => subsetIndex(set, indices, n));
    const inputs = new Float32Array(count * set.size);
    standardizeInto(inputs, set, places, rule);
    const examples = { examples: count, size: set.size, inputs, stride: set.size, labels };
    for (const slab of slabsOf(network, examples)) {
      if (hidden > 0) onActivations?.(slab.reads[1].values);
      for (const [n, scores] of scoresOf(slab)) {
        const shares = probabilities(scores, float64);
        const predicted = scores.indexOf(Math.max(...scores));
        see(labels[n], predicted, shares[predicted], places[n]);
      }
      await pause();
    }
    return count;
  }

  const missOf = (set: LabelledExamples, miss: Omit<Miss, "values">, index: number): Miss => ({
    ...miss,
    values: set.values.slice(index * set.size, (index + 1) * set.size),
  });
  const wrong: Miss[] = [];
  let misses = 0;
  const train = await look(
    dataset.train,
    subset,
    learned,
    (label, predicted, confidence, index) => {
      if (label === predicted) return;
      misses++;
      if (wrong.length < MOST_MISSES)
        wrong.push(missOf(dataset.train, { label, predicted, confidence }, index));
    },
    (values) => {
      values.forEach((a, at) => {
        if (a !== 0) awake[at % hidden] = 1;
      });
    },
  );
  const confusion = Array.from({ length: dataset.classes }, () =>
    new Array<number>(dataset.classes).fill(0),
  );
  const sure: { miss: Omit<Miss, "values">; index: number }[] = [];
  const test = await look(
    dataset.test,
    null,
    dataset.test.labels,
    (label, predicted, confidence, index) => {
      confusion[label][predicted] += 1;
      if (label !== predicted) sure.push({ miss: { label, predicted, confidence }, index });
    },
  );
  sure.sort((a, b) => b.miss.confidence - a.miss.confidence);
  const units = unitsOf(parameters, shape.inputs, hidden, awake);
  return {
    ...evaluation,
    image: dataset.image ?? null,
    units: units.slice(0, MOST_UNITS),
    layers: shape.hidden.length,
    ...{ hidden, dead: units.filter(({ dead }) => dead).length, looked: { train, test } },
    ...{ classNames: dataset.classNames ?? confusion.map((_, label) => String(label)) },
    ...{ confusion, wrong, misses },
    confident: sure
      .slice(0, MOST_MISSES)
      .map(({ miss, index }) => missOf(dataset.test, miss, index)),
  };
}

function unitsOf(
  { weights }: Parameters,
  inputs: number,
  hidden: number,
  awake: Uint8Array,
): Inside["units"] {
  const [first, second] = weights;
  const outputs = hidden === 0 ? 0 : second.length / hidden;
  const units = Array.from({ length: hidden }, (_, unit) => ({
    weights: Float32Array.from({ length: inputs }, (_, input) => first[input * hidden + unit]),
    norm: Math.hypot(...second.subarray(unit * outputs, (unit + 1) * outputs)),
    dead: awake[unit] === 0,
  }));
  return units.sort((a, b) => b.norm - a.norm);
}
