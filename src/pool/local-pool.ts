// A pool of the calling thread alone: every trial's turn has come, and a kernel call returns before the next is made.

import { trialKey } from "../records/fingerprint.ts";
import { measureIn, measuring } from "./measure.ts";
import type { Pool } from "./pool.ts";
import { trainTrial, type TrainingContext } from "./train-trial.ts";

export function localPool(context: TrainingContext): Pool {
  return {
    check: () => undefined,
    turn: (trial, options = {}) =>
      Promise.resolve({
        key: trialKey(trial.specification, context.sha256),
        train: (from) => trainTrial(trial, from, context, options),
        measure: measuring(trial, context, (call) =>
          Promise.resolve(measureIn(context.host.memory, call, context.sha256)),
        ),
        end: () => undefined,
      }),
  };
}
