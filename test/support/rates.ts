// Searches for stable learning rates over made-up trainings.

import { sha256 } from "../../src/base/sha256.node.ts";
import { answered } from "../../src/questions/asked.ts";
import { CATALOGUE } from "../../src/questions/catalogue.ts";
import type { FigureSize } from "../../src/figures/size.ts";
import { trialKey } from "../../src/records/fingerprint.ts";
import type { TrialRecord } from "../../src/records/record.ts";
import { follow } from "../../src/study/follow.ts";
import { parseStudy } from "../../src/study/language/parse.ts";
import type { PlannedTrial } from "../../src/study/plans/plan.ts";
import { studyPlan } from "../../src/study/plans/study-plan.ts";
import { idOf, resultOf, type StudyResult } from "../../src/study/result.ts";
import { record, type Row } from "./outcomes.ts";
import { DATASET_SIZES } from "./studies.ts";

/** What a training at a rate shows: whether one pass lowers the loss, and whether it stays finite. */
export interface Shown {
  readonly lowers: boolean;
  readonly finite: boolean;
}

export type Showing = (planned: PlannedTrial) => Shown;

/** Rates up to 1/√width, a little more or less by the seed, are stable; up to four times as much stays finite. */
export const BY_WIDTH: Showing = ({ point, trial }) => {
  const most = (1 + 0.06 * ((point.seed ?? 0) % 3)) / Math.sqrt(Number(point.values.width));
  const rate = trial.specification.training.learning_rate;
  return { lowers: rate <= most, finite: rate <= 4 * most };
};

function recordOf({ trial, point }: PlannedTrial, { lowers, finite }: Shown): TrialRecord {
  const { specification, passes } = trial;
  const { learning_rate } = specification.training;
  const ending = finite
    ? { kind: "finished" as const }
    : { kind: "diverged" as const, pass: 1, step: 7 };
  const after: Row = lowers ? [0.5, 0.9, 0.5, 0.9] : [6, 0.1, 6, 0.1];
  const rows = [[2, 0.1, 2, 0.1] as const, ...(finite ? Array<Row>(passes).fill(after) : [])];
  const made = record(Number(point.values.width), rows, {
    ...{ seed: point.seed ?? 0, learning_rate, ending },
  });
  return { ...made, key: trialKey(specification, sha256), specification };
}

/** A study of these lines beside the rest, answered; `requests` are the trials that it asked for at once. */
export async function answeredRates(
  lines: string,
  showing: Showing = BY_WIDTH,
): Promise<{
  readonly result: StudyResult;
  readonly requests: readonly PlannedTrial[][];
  /** How many trials it expected before any was there. */
  readonly expected: number;
}> {
  const study = parseStudy(
    `name: rates\nquestion: Which rates?\n${lines}`,
    "rates.yaml",
    CATALOGUE,
  );
  const requests: PlannedTrial[][] = [];
  const supply = (trials: readonly PlannedTrial[]) => {
    requests.push([...trials]);
    return Promise.resolve(trials.map((planned) => recordOf(planned, showing(planned))));
  };
  const plan = studyPlan(study, DATASET_SIZES, CATALOGUE);
  const first = plan(() => undefined);
  const expected = "answer" in first ? 0 : first.trials.length + first.expected.length;
  const followed = await follow(plan, supply, sha256);
  if (!("answer" in followed)) throw new Error("every trial was supplied");
  const id = idOf(study, DATASET_SIZES, sha256);
  return { result: resultOf(id, study, followed.answer, sha256), requests, expected };
}

/** What is drawn of searches by both rules, one of whose points has no stable rate. */
export async function drawnRates() {
  const { result } = await answeredRates(
    `
dataset: { name: fashion-mnist, examples: 100 }
model: { hidden: [width], init_std: 0.1 }
training: { passes: 3 }
sweep: { width: [4, 8, 16, 32, 64, 128] }
streams: { seeds: 0..6 }
ask: [{ name: learning-rate, by: both }]
`,
    (planned) =>
      planned.point.values.width === 8 ? { lowers: false, finite: true } : BY_WIDTH(planned),
  );
  const draw = answered(result, CATALOGUE).answers.get("learning-rate")?.draw;
  if (draw === undefined) throw new Error("it is drawn");
  return (size: FigureSize) => draw(size)[0];
}
