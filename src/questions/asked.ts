// The questions of a study, and their answers: each is worked out once, and then told in several forms.

import type { Named } from "../base/fields.ts";
import type { Text } from "../document/document.ts";
import { plain } from "../document/plain.ts";
import { sharpnessColumn } from "../measurements/table.ts";
import type { StudyResult } from "../study/result.ts";
import { trainsAtRate } from "../study/plans/study-plan.ts";
import type { Study } from "../study/spec.ts";
import type { Catalogue } from "./catalogue.ts";
import { divergenceSentence } from "./divergence.ts";
import { findingsOf, type Answer, type Findings } from "./question.ts";
import type { QUESTIONS } from "./table.ts";

type Name = keyof typeof QUESTIONS;

/** Every report tells at what rate was trained, where anything was. */
const ALWAYS: Name = "learning-rate-search";

/** What a study asks that names no questions: the homework's, and of the sharpness where that is measured. */
function byDefault(study: Study): readonly Named[] {
  const names: Name[] = [
    "smallest-interpolating-width",
    "passes-to-interpolation",
    "learning-curves",
  ];
  if (sharpnessColumn(study.measure) !== null) names.push("sharpness");
  return names.map((name) => ({ name }));
}

export interface Answered extends Findings {
  /** By the questions' names, in the order of asking. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** The same in the catalogue's order. */
  readonly ordered: readonly Answer[];
}

export function answered(result: StudyResult, catalogue: Catalogue): Answered {
  const findings = findingsOf(result);
  const answers = new Map(
    questionsOf(result.study, catalogue).map(({ name, ...settings }) => [
      name,
      catalogue.questions[name].answer(findings, settings),
    ]),
  );
  const ordered = Object.keys(catalogue.questions).flatMap((name) => answers.get(name) ?? []);
  return { ...findings, answers, ordered };
}

/** In the order of asking, and then what they hold under. */
export function sentencesOf(answers: Iterable<Answer>): Text[] {
  const all = [...answers];
  return distinct([
    ...all.flatMap(({ sentences = [] }) => sentences),
    ...all.flatMap(({ conditions = [] }) => conditions),
  ]);
}

/** Two questions may have the same answer, where there is one width. */
export function distinct<Told>(all: readonly Told[]): Told[] {
  return [...new Map(all.map((told) => [JSON.stringify(told), told])).values()];
}

/** For a page, which has room for few: what was asked for comes before the rate of training. */
export function pageSentences({ result, answers }: Answered): string[] {
  const rate = answers.get(ALWAYS);
  const others = [...answers.values()].filter((answer) => answer !== rate);
  const told = sentencesOf([...others, ...(rate ? [rate] : [])]).map(plain);
  return [divergenceSentence(result) ?? [], told].flat();
}

/** The names of a finished study's files, known before it is run. */
export function reportFileNames(
  study: Study,
  catalogue: Catalogue,
  size: "paper" | "slide",
): string[] {
  const figures = questionsOf(study, catalogue).flatMap(({ name }) =>
    catalogue.questions[name].figures(study, size),
  );
  return [
    ...["report.html", "report.md", "summary.json", "trajectories.csv"],
    ...figures.flatMap((name) => [`${name}.svg`, `${name}.png`]),
  ];
}

function questionsOf(study: Study, catalogue: Catalogue): readonly Named[] {
  const { ask = byDefault(study) } = study;
  const isTold = ask.some(({ name }) => name === ALWAYS) || !trainsAtRate(study, catalogue);
  return isTold ? ask : [{ name: ALWAYS }, ...ask];
}
