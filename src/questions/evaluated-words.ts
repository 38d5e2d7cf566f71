// At which passes trials were looked at, and which were stopped, in words.

import type { Text } from "../document/document.ts";
import { passes, plural } from "../base/numbers.ts";
import { scheduleWords } from "../analysis/evaluated.ts";
import { lastPass } from "../records/record.ts";
import type { Study } from "../study/spec.ts";
import { trainedNetwork } from "./network.ts";
import { capitalized, type Findings } from "./question.ts";

/** Nothing where trials are evaluated after every pass and none was stopped. */
export function evaluatedSentences(findings: Findings): Text[] {
  return [...scheduleSentences(findings.result.study), ...stops(findings)];
}

/** Where interpolation is looked for; nothing where that is after every pass. */
export function scheduleSentences({ evaluate }: Study): Text[] {
  if (evaluate === undefined) return [];
  return [
    [
      `Trials are evaluated ${scheduleWords(evaluate)} and after their last pass: passes to interpolation are the first of these.`,
    ],
  ];
}

function stops({ result, points }: Findings): Text[] {
  const { stop } = result.study;
  if (stop === undefined) return [];
  const { after_interpolation: more, train_loss_below: bound } = stop;
  const rules = [
    ...(more === undefined ? [] : [`${passes(more)} after interpolating`]),
    ...(bound === undefined ? [] : [`a training loss below ${bound}`]),
  ].join(" or ");
  return points.flatMap((summary): Text[] => {
    const { trials } = summary;
    const stopped = trials.flatMap(({ outcome }) =>
      outcome.stopped ? [lastPass(outcome.record)] : [],
    );
    if (stopped.length === 0) return [];
    const name = capitalized(trainedNetwork(result, summary).name);
    const [first, last] = [Math.min(...stopped), Math.max(...stopped)];
    const when = first === last ? `after ${passes(first)}` : `after ${first} to ${passes(last)}`;
    const which =
      trials.length === 1 ? "" : ` in ${stopped.length} of ${plural(trials.length, "trial")}`;
    return [[`${name} was stopped by its rule (${rules})${which}, ${when}.`]];
  });
}
