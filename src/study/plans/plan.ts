// A plan asks for trials until it can answer.

import type { TrialRecord } from "../../records/record.ts";
import { inTurn, type PlannedTrial, type Trials } from "./trials.ts";

/** What plans need to know of a data set (data/dataset.ts). */
export interface DatasetSize {
  readonly digest: string;
  readonly classes: number;
  readonly train: { readonly examples: number; readonly size: number };
}

export type { PlannedTrial };

/** Finds the record of a planned trial among those that are there by now. */
export type FindRecord = (planned: PlannedTrial) => TrialRecord | undefined;

/** Trials that a plan needs before it can say more. */
export interface Request {
  readonly trials: Trials;
  /** As far as can be told, what it will ask for after them: trials of about this cost. */
  readonly expected: Trials;
  /** What decides which these are, where that is only guessed. */
  readonly guess?: Guess | undefined;
}

export type Guess = "threshold" | "map";

export type Plan<Answer> = (find: FindRecord) => Request | { readonly answer: Answer };

/** Asks for the trials of all plans at once; the answers stand in the plans' order. */
export function sideBySide<Answer>(plans: readonly Plan<Answer>[]): Plan<readonly Answer[]> {
  return (find) => {
    const asked = plans.map((plan) => plan(find));
    const answers = asked.flatMap((next) => ("answer" in next ? [next.answer] : []));
    if (answers.length === plans.length) return { answer: answers };
    const requests = asked.flatMap((next) => ("answer" in next ? [] : [next]));
    return {
      trials: inTurn(requests.map(({ trials }) => trials)),
      expected: inTurn(requests.map(({ expected }) => expected)),
      guess: requests.find(({ guess }) => guess !== undefined)?.guess,
    };
  };
}
