// Warns of what is no error and makes little of an answer: subsets so small that standardizing makes huge test inputs of them,
// a test set that is the training set, classes of which there is nothing, an index that is learned from. Trains nothing.

import { enumerate } from "../base/numbers.ts";
import { quote } from "../base/quote.ts";
import type { Dataset } from "../data/dataset.ts";
import { runningFeatures } from "../data/summary.ts";
import { misleadingFeatures } from "../data/standardize.ts";
import type { Sha256 } from "../base/sha256.ts";
import { trialDraws } from "../training/streams.ts";
import { shapeOf } from "../model/trial.ts";
import { searchTrial } from "./plans/learning-rate.ts";
import type { Study } from "./spec.ts";

/** Seeds that are looked at: a subset takes some milliseconds, which a thousand seeds would add up to a wait. */
const SEEDS = 16;

/** Classes or inputs that are named. */
const MOST_NAMED = 5;

/** Pixels that are constant in a seed's subset and not in the test set: of the first seeds the one that has the most. */
export function mostMisleadingPixels(study: Study, dataset: Dataset, sha256: Sha256): number {
  const { streams } = study;
  const single =
    streams.kind === "notebook"
      ? [study]
      : streams.seeds
          .slice(0, SEEDS)
          .map((seed) => ({ ...study, streams: { ...streams, seeds: [seed] } }));
  return Math.max(...single.map((one) => misleadingPixelsOf(one, dataset, sha256)));
}

function misleadingPixelsOf(study: Study, dataset: Dataset, sha256: Sha256): number {
  const { trial } = searchTrial(study, dataset, 1);
  const { specification } = trial;
  const { train, test } = dataset;
  const { train_examples, standardize } = specification.data;
  if (train_examples < 2 || standardize !== undefined) return 0;
  const shape = shapeOf(trial, dataset);
  const { subset } = trialDraws(specification, shape, train.examples, sha256);
  return misleadingFeatures(train, subset, test);
}

/** What to say of so many such pixels, or inputs that are none; null where there are none. */
export function subsetWarning(
  count: number,
  trainExamples: number,
  input: "pixel" | "input",
): string | null {
  if (count === 0) return null;
  const examples = input === "pixel" ? "images" : "examples";
  return `${count} ${input}${count === 1 ? " is" : "s are"} constant in the ${trainExamples} training ${examples} and not in the test ${examples}: standardizing divides these by 10⁻⁶, so that test losses say little; more training examples help`;
}

/** What to say of a user's own data set, a sentence each. */
export function datasetWarnings(dataset: Dataset): string[] {
  const { train, test, classes, classNames } = dataset;
  const labels = Array.from({ length: classes }, (_, label) => label);
  const [inTrain, inTest] = [train, test].map((set) => {
    const counts = new Uint32Array(classes);
    for (const label of set.labels) counts[label]++;
    return counts;
  });
  const lacking = labels.filter((label) => inTrain[label] === 0);
  const single = labels.filter((label) => inTrain[label] + inTest[label] === 1);
  const isSame =
    train.values.length === test.values.length &&
    train.values.every((value, index) => value === test.values[index]);
  return [
    ...(isSame
      ? ["the test set is the training set: test losses and accuracies say nothing of new examples"]
      : []),
    ...(lacking.length === 0
      ? []
      : classNames
        ? [`no training example is of the class ${namesOf(lacking, classNames)}`]
        : [
            `no training example has the label ${namesOf(lacking)}; labels count from 0 to ${classes - 1}, and every number up to the largest is a class`,
          ]),
    ...(classNames && single.length > 0
      ? [
          `of the class ${namesOf(single, classNames)} there is a single example; where a name is misspelt, it is a class of its own`,
        ]
      : []),
    ...indexWarning(dataset),
  ];
}

function indexWarning({ train, test, inputNames }: Dataset): string[] {
  const found = runningFeatures([train, test]);
  if (found.length === 0) return [];
  const isOne = found.length === 1;
  const which = inputNames
    ? namesOf(found, inputNames)
    : `${namesOf(found.map((feature) => feature + 1))} of ${train.size}`;
  return [
    isOne
      ? `the input ${which} numbers the examples, and is learned from as any other; leave it out of the file if it says nothing of new ones`
      : `the inputs ${which} number the examples, and are learned from as any other; leave them out of the file if they say nothing of new ones`,
  ];
}

function namesOf(places: readonly number[], names?: readonly string[]): string {
  const named = places
    .slice(0, MOST_NAMED)
    .map((place) => (names ? quote(names[place]) : `${place}`));
  return enumerate(named) + (places.length > MOST_NAMED ? ", among others" : "");
}
