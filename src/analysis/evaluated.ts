// At which passes trials were evaluated, in words that captions and sentences share.

import type { EvaluationSchedule } from "../model/evaluation-schedule.ts";
import type { Outcome } from "./outcome.ts";

/** "every 10 passes". */
export function scheduleWords(schedule: EvaluationSchedule): string {
  return "every" in schedule
    ? `every ${schedule.every} passes`
    : `after passes round(10^(j/${schedule.log})), j = 0, 1, 2, …`;
}

/** For captions: which passes there are, and that rules have ended trials; nothing where neither needs to be told. */
export function evaluatedCaption(outcomes: readonly Outcome[]): string[] {
  const schedule = outcomes.at(0)?.record.specification.evaluate;
  const stopped = outcomes.filter((outcome) => outcome.stopped).length;
  return [
    ...(schedule
      ? [`Trials are evaluated ${scheduleWords(schedule)}, and after their last pass.`]
      : []),
    ...(stopped > 0
      ? [`${stopped} of ${outcomes.length} trials end early, where the study's rule stopped them.`]
      : []),
  ];
}
