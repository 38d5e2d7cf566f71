// What a study's result consists of.

import { FASHION_MNIST, FASHION_MNIST_DIGEST } from "../data/sets/fashion-mnist.ts";
import { availableExamples } from "../data/subset.ts";
import {
  PART_AXIS,
  pairVariance,
  partGroups,
  type Model,
  type PartGroup,
  type Spread,
} from "../analysis/bias-variance.ts";
import { lastMeasured, type Outcome } from "../analysis/outcome.ts";
import { exampleChoices } from "../model/trial.ts";
import { studyFingerprint, studyId } from "../records/fingerprint.ts";
import { LARGE_MEASUREMENT, measuredColumns, predictionsAt } from "../records/measured.ts";
import type { TrialStore } from "../records/store.ts";
import { namedStream } from "../random/named.ts";
import type { NumpyRandomState } from "../random/numpy.ts";
import type { Sha256 } from "../base/sha256.ts";
import { searchRecords } from "./plans/learning-rate.ts";
import type { DatasetSize } from "./plans/plan.ts";
import type { StudyAnswer } from "./plans/study-plan.ts";
import type { Study } from "./spec.ts";

export interface StudyResult extends StudyAnswer {
  /** What the study is kept under: SHA-256 of the study and its data set's digest, hex. */
  readonly id: string;
  readonly study: Study;
  /** SHA-256 over the fingerprints of all trials, the search's included, in the plan's order; hex. */
  readonly fingerprint: string;
  /** Where an interval's draws of seeds begin: always at the beginning of the same stream. */
  readonly bootstrap: () => NumpyRandomState;
  /** Where it is told before all trials that it asks for are there (kept/map-so-far.ts). */
  readonly isUnfinished?: true;
}

/**
 * A study's id on a data set, which stands for its content wherever it came from: no path is hashed, no setting of a
 * data set, and no name but FashionMNIST's. A number of examples is hashed as the fraction that it is.
 */
export function idOf(study: Study, { digest, train }: DatasetSize, sha256: Sha256): string {
  const { name, part, label_noise, standardize, examples } = study.dataset;
  const fraction =
    study.dataset.fraction ?? (examples ?? NaN) / availableExamples(part, train.examples);
  const isFashion = name === FASHION_MNIST.name || digest === FASHION_MNIST_DIGEST;
  const dataset = {
    ...(isFashion && { name: FASHION_MNIST.name }),
    ...{ fraction, ...exampleChoices({ part, label_noise, standardize }) },
  };
  const { init } = study.model;
  const model =
    typeof init === "object"
      ? { ...study.model, init: { parameters: init.parameters } }
      : study.model;
  return studyId({ ...study, model, dataset }, digest, sha256);
}

/** The answer with what the study has measured beside each of its outcomes' records. */
export async function withMeasured(
  { measure, sweep }: Study,
  answer: StudyAnswer,
  store: Pick<TrialStore, "measurements">,
  sha256: Sha256,
): Promise<StudyAnswer> {
  if (measure === undefined) return answer;
  const outcomes: Outcome[] = [];
  for (const outcome of answer.outcomes) {
    const kept = await store.measurements(outcome.record.key);
    const measured = measuredColumns(outcome.record, kept, sha256, measure);
    outcomes.push({ ...outcome, measured });
  }
  if (!measure.includes(LARGE_MEASUREMENT) || !(PART_AXIS in (sweep.paths ?? {})))
    return { ...answer, outcomes };
  const spreads: Spread[] = [];
  for (const group of partGroups(outcomes)) spreads.push(await spreadOf(group, store, sha256));
  return { ...answer, outcomes, spreads };
}

/** Of one group's predictions after the other, as those of a study may be more than memory has room for. */
async function spreadOf(
  { values, trials }: PartGroup,
  store: Pick<TrialStore, "measurements">,
  sha256: Sha256,
): Promise<Spread> {
  const models: Model[] = [];
  for (const { point, record } of trials) {
    const row = record.trajectory[record.trajectory.length - 1];
    const predictions = predictionsAt(row, await store.measurements(record.key), sha256);
    if (predictions) models.push({ seed: point.seed, predictions });
  }
  const examples = trials[0].record.trajectory[0].test.examples;
  const variance = models.length < trials.length ? NaN : pairVariance(models, examples);
  const scores = trials.map((trial) => lastMeasured(trial, "brier_score") ?? NaN);
  const risk = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const finite = (value: number) => (Number.isFinite(value) ? value : null);
  return { values, variance: finite(variance), risk: finite(risk) };
}

export function resultOf(
  id: string,
  study: Study,
  answer: StudyAnswer,
  sha256: Sha256,
): StudyResult {
  const { search, searches = search === null ? [] : [search], outcomes, further = [] } = answer;
  const records = [
    ...searches.flatMap(searchRecords),
    ...outcomes.map(({ record }) => record),
    ...further,
  ];
  const { length } = records;
  // One at a time: those of very many are made when they are looked at.
  function* fingerprints(): Generator<string> {
    for (const { fingerprint } of records) yield fingerprint;
  }
  const { streams } = study;
  const studySeed = streams.kind === "named" ? streams.study_seed : 0;
  return {
    ...{ id, study, ...answer },
    fingerprint: studyFingerprint({ length, [Symbol.iterator]: fingerprints }, sha256),
    bootstrap: () => namedStream(sha256, studySeed, 0, "bootstrap"),
  };
}
