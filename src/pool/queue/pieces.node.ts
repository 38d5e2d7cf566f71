// Trains one trial, and hands it in piece by piece.

import { isScheduled } from "../../model/evaluation-schedule.ts";
import type { Trial } from "../../model/trial.ts";
import type { ResumePoint, TrainedPass, TrialRecord } from "../../records/record.ts";
import {
  fromBytes,
  fromOf,
  interpolatedBy,
  type From,
  type FromBytes,
  type Job,
  type Stretch,
} from "./messages.node.ts";
import type { Ready } from "./worker-pools.node.ts";

/** Share of its time that a worker gives for handing in, at the most. */
const HANDING_IN = 0.1;

/** Hand-ins after which a coordinator that gives no sign of life is given up. */
const MOST_MISSED = 2;

export interface PiecesOptions {
  /** Milliseconds of training between two pieces, and before the first. */
  readonly every: number;
  readonly before: number;
  /** Hands a piece in, and tells whether its coordinator is there. */
  readonly handIn: (key: string, stretch: Stretch) => Promise<boolean>;
  /** Told where another one can go on, once the passes up to there are handed in. */
  readonly onHandedIn: (from: FromBytes) => Promise<void>;
  /** Whether it is to stop after the pass under way. */
  readonly isToStop: () => boolean;
}

/** Whether the trial came to its end. */
export async function trainInPieces(
  { trials: [trial], from: bytes, everyPass }: Job,
  { pool, dataset }: Ready,
  { every, before, handIn, onHandedIn, isToStop }: PiecesOptions,
): Promise<boolean> {
  const { specification } = trial;
  const from = bytes && fromOf(bytes, { specification, dataset });
  const turn = await pool.turn(trial);
  const training = turn.train(from && resumePoint(from, trial, turn.key));
  const since = from?.checkpoint.pass ?? 0;
  let after = from?.checkpoint.pass ?? -1;
  let interpolated = from?.interpolated ?? null;
  let pending: TrainedPass[] = [];
  let seconds = 0;
  let missed = 0;
  let next = performance.now() + before;

  async function hand(end: Stretch["end"]): Promise<void> {
    const began = performance.now();
    const last = pending.at(-1);
    const rows = pending.map(({ row }) => row);
    const checkpoint = last?.checkpoint ?? null;
    const isThere = await handIn(turn.key, { after, rows, checkpoint, since, seconds, end });
    missed = isThere ? 0 : missed + 1;
    pending = [];
    if (last === undefined) return;
    after = last.checkpoint.pass;
    interpolated = interpolatedBy(
      interpolated,
      rows.map(({ evaluation }) => evaluation),
    );
    const { fingerprint } = last.row.evaluation;
    if (end === null)
      await onHandedIn(fromBytes({ checkpoint: last.checkpoint, fingerprint, interpolated }));
    const took = performance.now() - began;
    next = performance.now() + Math.max(every, took / HANDING_IN);
  }

  try {
    for (;;) {
      const { done, value } = await training.next();
      if (done === true) {
        await hand({ ending: value.ending, fingerprint: value.fingerprint });
        return true;
      }
      const isLast = !isScheduled(specification.evaluate, value.checkpoint.pass);
      if (isLast && pending.length > 0) await hand(null);
      pending.push(value);
      ({ seconds } = value);
      const isDue = everyPass || performance.now() >= next || isToStop();
      if (isLast || !isDue) continue;
      await hand(null);
      if (isToStop() || missed > MOST_MISSED) return false;
    }
  } finally {
    await training.return({ ending: { kind: "finished" }, fingerprint: "" });
    turn.end();
  }
}

/** What training looks at of a record: the fingerprint that it goes on from, and since when rules to stop by count. */
function resumePoint(
  { checkpoint, fingerprint, interpolated }: From,
  { specification }: Trial,
  key: string,
): ResumePoint {
  const score = (correct: number) => ({ objective: NaN, correct, examples: 1 });
  const row = (pass: number, isRight: boolean) => ({
    ...{ pass, fingerprint },
    ...{ train: score(isRight ? 1 : 0), test: score(0) },
  });
  const { pass } = checkpoint;
  const before = interpolated === null || interpolated === pass ? [] : [row(interpolated, true)];
  const record: TrialRecord = {
    ...{ key, specification, fingerprint, ending: { kind: "finished" } },
    trajectory: [...before, row(pass, interpolated === pass)],
    ...{ running_averages: [], seconds: 0 },
  };
  return { record, checkpoint };
}
