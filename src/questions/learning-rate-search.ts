// The learning rate that a study trains at: searched, or given by the study. Every study's report tells it.

import type { Objective } from "../model/objectives/objective.ts";
import { lossUnit } from "../model/parts.ts";
import type { Block, Text } from "../document/document.ts";
import { threeDigits } from "../base/numbers.ts";
import { learningRateFigure } from "../figures/learning-rate.ts";
import type { LearningRateAnswer } from "../study/plans/learning-rate.ts";
import type { StudyResult } from "../study/result.ts";
import { searched } from "./network.ts";
import { question, type Answer, type Fact, type Findings } from "./question.ts";

export const learningRateSearch = question({
  settings: {},
  needs: "search",
  figures: ({ training }) => (training.learning_rate === "eta_star / 2" ? ["learning-rate"] : []),
  answer(findings) {
    const { search, learning_rate } = findings.result;
    const used = (note: string): Fact => {
      return { name: "learning rate used", value: String(learning_rate), note };
    };
    if (search !== null) return searchAnswer(findings, search, used("η*/2"));
    return {
      facts: [used("given by the study")],
      sentences: [[`The study gives its learning rate: ${learning_rate}.`]],
      lines: [`learning rate ${learning_rate}`],
      summary: { eta_star: null, learning_rate, search },
    };
  },
});

function searchAnswer(
  { result, several }: Findings,
  search: LearningRateAnswer,
  used: Fact,
): Answer {
  const { learning_rate, study } = result;
  const { eta_star, probes } = search;
  const { network, seed } = searched(search);
  const unit = lossUnit(study.training);
  const alone = several ? `, with seed ${seed} alone` : "";
  return {
    facts: [
      {
        name: "largest learning rate that converges, η*",
        value: String(eta_star),
        note: `searched ${network.at}${alone}`,
      },
      used,
    ],
    sentences: [searchSentence(result, search)],
    lines: [`η* = ${eta_star} (${network.at}${alone}), trained at η*/2 = ${learning_rate}`],
    section: {
      id: "learning-rate",
      heading: "The learning-rate search",
      blocks: [
        {
          kind: "paragraph",
          text: [
            `A learning rate converges if one pass brings the training loss ${network.at} below ${study.search.factor} times what it was, else it diverges. Starting at 0.1, the rate is divided by 10 until one converges, then doubled until one diverges; η* = ${eta_star} is the last that converged.`,
            several ? ` It was searched with seed ${seed} alone.` : "",
          ],
        },
        probeTable(search, unit),
      ],
    },
    draw: (size) => [learningRateFigure(probes, eta_star, learning_rate, size, unit)],
    summary: {
      eta_star,
      learning_rate,
      search: probes.map((probe) => ({
        learning_rate: probe.learning_rate,
        fingerprint: probe.record.fingerprint,
      })),
    },
  };
}

function searchSentence({ study, learning_rate }: StudyResult, search: LearningRateAnswer): Text {
  const { eta_star, probes } = search;
  // The search ends only where it has rates on both sides of η*: those above it diverged.
  const above = probes.map((probe) => probe.learning_rate).filter((rate) => rate > eta_star);
  const { network, seed } = searched(search);
  const seeds = study.streams.kind === "named" ? study.streams.seeds.length : 1;
  return [
    `The largest learning rate that converges ${network.at} is `,
    { strong: `η* = ${eta_star}` },
    `, and ${Math.min(...above)} diverges; the study trains at half of it, ${learning_rate}.`,
    seeds > 1
      ? ` It was searched with seed ${seed} alone, and is used for all ${seeds} seeds.`
      : "",
  ];
}

function probeTable({ probes }: LearningRateAnswer, unit: Objective["unit"]): Block {
  const number = (heading: string) => ({ heading, numeric: true });
  return {
    kind: "table",
    caption: `Every rate tried, in the order of trying; losses are training objectives in ${unit}`,
    columns: [
      ...["learning rate", "before", "after one pass", "threshold"].map(number),
      { heading: "verdict", numeric: false },
      number("margin: after ÷ threshold"),
    ],
    rows: probes.map((probe) => [
      [String(probe.learning_rate)],
      [threeDigits(probe.before)],
      [Number.isFinite(probe.after) ? threeDigits(probe.after) : "not finite"],
      [threeDigits(probe.threshold)],
      [probe.verdict === "converges" ? { strong: "converges" } : "diverges"],
      [threeDigits(probe.margin)],
    ]),
  };
}
