// The learning rate that a study trains at: searched, or given by the study. Every study's report tells it.

import type { Objective } from "../../model/objectives/objective.ts";
import { lossUnit } from "../../model/parts.ts";
import type { Block, Text } from "../../document/document.ts";
import { plural, threeDigits } from "../../base/numbers.ts";
import { learningRateFigure } from "../../figures/learning-rate.ts";
import type { LearningRateAnswer } from "../../study/plans/learning-rate.ts";
import { axisName, valuesText } from "../../records/point.ts";
import type { StudyResult } from "../../study/result.ts";
import type { Study } from "../../study/spec.ts";
import { searched } from "../network.ts";
import { trainingWords } from "../training-words.ts";
import { question, type Answer, type Fact, type Findings } from "../question.ts";

export const learningRateSearch = question({
  settings: {},
  needs: "search",
  figures: ({ training }) => (training.learning_rate === "eta_star / 2" ? ["learning-rate"] : []),
  answer(findings) {
    const answer = rateAnswer(findings);
    const words = trainingWords(findings.result.study);
    if (words === null) return answer;
    return { ...answer, sentences: [...(answer.sentences ?? []), [`Trained with ${words}.`]] };
  },
});

function rateAnswer(findings: Findings): Answer {
  const { search, learning_rate, study } = findings.result;
  const used = (note: string): Fact => {
    const factors = study.training.layer_rates ?? study.model.parametrization;
    const layers = factors === undefined ? "" : ", times each layer's factor";
    return { name: "learning rate used", value: String(learning_rate), note: note + layers };
  };
  if (search !== null) return searchAnswer(findings, search, used("η*/2"));
  const path = "training.learning_rate";
  const listed = study.sweep.paths?.[path];
  if (listed !== undefined) {
    // A map that is refined has more than are listed.
    const trained = findings.points.map(({ values }) => values[path]);
    const swept = [...new Set(trained.length === 0 ? listed : trained)];
    const rates = swept.map(Number);
    const range = `${Math.min(...rates)} to ${Math.max(...rates)}`;
    const values = `${plural(swept.length, "value")}, ${range}`;
    return {
      facts: [{ name: "learning rates used", value: String(swept.length), note: range }],
      sentences: [[`The learning rate is swept: ${values}.`]],
      lines: [`learning rate: ${values}`],
      summary: { eta_star: null, learning_rate, search },
    };
  }
  return {
    facts: [used("given by the study")],
    sentences: [[`The study gives its learning rate: ${learning_rate}.`]],
    lines: [`learning rate ${learning_rate}`],
    summary: { eta_star: null, learning_rate, search },
  };
}

function searchAnswer(findings: Findings, search: LearningRateAnswer, used: Fact): Answer {
  const { result, several } = findings;
  const { learning_rate, study, searches = [search] } = result;
  const all = searches.map((one) => wordsOf(one, result, several));
  const [first] = all;
  const unit = lossUnit(study.training);
  const { network } = searched(search);
  return {
    facts: [
      ...all.map(({ place, one, alone }) => ({
        name: `largest learning rate that converges, η*${place}`,
        value: String(one.eta_star),
        note: `searched ${network.at}${alone}`,
      })),
      searches.length === 1
        ? used
        : { ...used, value: "η*/2", note: "of each combination its own" },
    ],
    sentences: all.map(({ one, place }) => searchSentence(result, one, place)),
    lines: all.map(
      ({ one, place, alone }) =>
        `η* = ${one.eta_star}${place} (${network.at}${alone}), trained at η*/2 = ${one.eta_star / 2}`,
    ),
    section: {
      id: "learning-rate",
      heading: "The learning-rate search",
      blocks: [
        {
          kind: "paragraph",
          text: [
            `A learning rate converges if one pass brings the training loss ${network.at} below ${study.search.factor} times what it was, else it diverges. Starting at 0.1, the rate is divided by 10 until one converges, then doubled until one diverges; ${searches.length === 1 ? `η* = ${search.eta_star}` : "η*"} is the last that converged.`,
            searches.length === 1
              ? ""
              : " It was searched once for each combination of what is swept beside the width.",
            several ? ` ${seedsSentence(study, first.seed)}` : "",
          ],
        },
        probeTable(searches, unit),
      ],
    },
    draw: (size) => [
      learningRateFigure(
        search.probes,
        search.eta_star,
        search.eta_star / 2,
        size,
        unit,
        all.slice(1).map(({ one, place }) => ({ ...one, place })),
      ),
    ],
    summary: {
      eta_star: search.eta_star,
      learning_rate,
      search: searches.flatMap(({ probes, values }) =>
        probes.flatMap((probe) =>
          [probe.record, ...(probe.others ?? [])].map(({ fingerprint, specification }, place) => ({
            learning_rate: probe.learning_rate,
            fingerprint,
            ...(place > 0 &&
              specification.streams.kind === "named" && { seed: specification.streams.seed }),
            ...(values && { values }),
          })),
        ),
      ),
      ...(result.searches && {
        searches: searches.map(({ values = {}, eta_star }) => ({
          values,
          eta_star,
          learning_rate: eta_star / 2,
        })),
      }),
    },
  };
}

/** A search with what tells it from others: " at noise 0.1", and which seeds it was made with. */
function wordsOf(one: LearningRateAnswer, { study }: StudyResult, several: boolean) {
  const values = valuesText(one.values ?? {});
  const { seed } = searched(one);
  const isWithAll = study.search.seeds === "all";
  const alone = !several ? "" : isWithAll ? ", with all seeds" : `, with seed ${seed} alone`;
  return { one, seed, place: values === "" ? "" : ` at ${values}`, alone };
}

function seedsSentence({ search, streams }: Study, seed: number | null): string {
  if (search.seeds !== "all") return `It was searched with seed ${seed} alone.`;
  const seeds = streams.kind === "named" ? streams.seeds.length : 1;
  return search.rule === "every"
    ? `It was searched with all ${seeds} seeds: a rate converges where it does with every one; the losses told are of the seed with the largest share left.`
    : `It was searched with all ${seeds} seeds: losses are medians over them.`;
}

function searchSentence({ study }: StudyResult, search: LearningRateAnswer, place: string): Text {
  const { eta_star, probes } = search;
  // The search ends only where it has rates on both sides of η*: those above it diverged.
  const above = probes.map((probe) => probe.learning_rate).filter((rate) => rate > eta_star);
  const { network, seed } = searched(search);
  const seeds = study.streams.kind === "named" ? study.streams.seeds.length : 1;
  const isAlone = study.search.seeds !== "all";
  return [
    `The largest learning rate that converges ${network.at}${place === "" ? "" : `,${place},`} is `,
    { strong: `η* = ${eta_star}` },
    `, and ${Math.min(...above)} diverges; the study trains at half of it, ${eta_star / 2}.`,
    seeds <= 1
      ? ""
      : isAlone
        ? ` It was searched with seed ${seed} alone, and is used for all ${seeds} seeds.`
        : ` ${seedsSentence(study, seed)}`,
  ];
}

function probeTable(searches: readonly LearningRateAnswer[], unit: Objective["unit"]): Block {
  const number = (heading: string) => ({ heading, numeric: true });
  const axes = Object.keys(searches[0].values ?? {});
  return {
    kind: "table",
    caption: `Every rate tried, in the order of trying; losses are training objectives in ${unit}`,
    columns: [
      ...axes.map((axis) => number(axisName(axis, axes))),
      ...["learning rate", "before", "after one pass", "threshold"].map(number),
      { heading: "verdict", numeric: false },
      number("margin: after ÷ threshold"),
    ],
    rows: searches.flatMap(({ probes, values = {} }) =>
      probes.map((probe) => [
        ...axes.map((axis) => [String(values[axis])]),
        [String(probe.learning_rate)],
        [threeDigits(probe.before)],
        [Number.isFinite(probe.after) ? threeDigits(probe.after) : "not finite"],
        [threeDigits(probe.threshold)],
        [probe.verdict === "converges" ? { strong: "converges" } : "diverges"],
        [threeDigits(probe.margin)],
      ]),
    ),
  };
}
