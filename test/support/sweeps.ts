// Studies of a few lines that sweep, and their trials.

import { CATALOGUE } from "../../src/questions/catalogue.ts";
import { DATASET_SIZES } from "./studies.ts";
import { sweepPlan } from "../../src/study/plans/sweep.ts";
import type { Study } from "../../src/study/spec.ts";
import { parseStudy } from "../../src/study/language/parse.ts";

export interface Parts {
  readonly model?: string;
  readonly training?: string;
  readonly dataset?: string;
  readonly streams?: string;
}

export function text(sweep: string, parts: Parts = {}): string {
  const {
    model = "{ hidden: [4], init_std: 0.1 }",
    training = "{ learning_rate: 0.1, passes: 2 }",
    dataset = "{ name: fashion-mnist, fraction: 0.1 }",
    streams = "{ kind: named }",
  } = parts;
  return [
    "name: mine",
    "question: What?",
    `dataset: ${dataset}`,
    `model: ${model}`,
    `training: ${training}`,
    `sweep: ${sweep}`,
    `streams: ${streams}`,
  ].join("\n");
}

export function parsed(sweep: string, parts: Parts = {}): Study {
  return parseStudy(text(sweep, parts), "mine.yaml", CATALOGUE);
}

export const planned = (study: Study) => {
  const next = sweepPlan(
    study,
    DATASET_SIZES,
    Number(study.training.learning_rate),
  )(() => undefined);
  return "trials" in next ? [...next.trials] : [];
};

export const RATE = { training: "{ passes: 2 }" };
