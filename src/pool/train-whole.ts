// Trains small trials whole, one after the other, where their kernel calls are made.

import { isScheduled } from "../model/evaluation-schedule.ts";
import type { Trial } from "../model/trial.ts";
import { RowPacker } from "../records/packed-rows.ts";
import { checkpointOf } from "../training/train.ts";
import type { TrainedWhole } from "./pool.ts";
import { evaluatedPasses, type EvaluatedPass, type TrainingContext } from "./train-trial.ts";

/** Milliseconds after which no other trial is begun: what is lost with the process, and what an interruption loses. */
const LONG_ENOUGH = 100;

/** See WholeTraining.train. */
export async function trainWhole(
  trials: readonly Trial[],
  context: TrainingContext,
): Promise<TrainedWhole[]> {
  const begun = context.now();
  const trained: TrainedWhole[] = [];
  for (const trial of trials) {
    trained.push(await trainOne(trial, context));
    if (context.now() - begun >= LONG_ENOUGH) break;
  }
  return trained;
}

async function trainOne(trial: Trial, context: TrainingContext): Promise<TrainedWhole> {
  const { evaluate } = trial.specification;
  const rows = new RowPacker();
  let scheduled: EvaluatedPass | null = null;
  let last: EvaluatedPass | null = null;
  const training = evaluatedPasses(trial, null, context, {});
  for (;;) {
    const { done, value } = await training.next();
    if (done !== true) {
      last = value;
      if (!isScheduled(evaluate, value.after.pass)) continue;
      rows.add(value.row);
      scheduled = value;
      continue;
    }
    if (scheduled === null || last === null)
      throw new Error("a training that did not begin with pass 0");
    const { evaluation } = scheduled.row;
    const { train, test } = evaluation;
    return {
      ...{ rows: rows.bytes, examples: { train: train.examples, test: test.examples } },
      ...{ checkpoint: checkpointOf(scheduled.after), seconds: last.seconds },
      ending: value.ending,
      fingerprint: value.ending.kind === "diverged" ? value.fingerprint : evaluation.fingerprint,
      ...(last !== scheduled && { last: { row: last.row, checkpoint: checkpointOf(last.after) } }),
    };
  }
}
