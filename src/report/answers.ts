// The answers in sentences: the learning rate, the smallest interpolating width, when each width
// interpolates. How far a reader may rely on them, reliance.ts tells.

import { smallestInterpolatingWidth } from "../analysis/interpolation.ts";
import { summarizeWidths, type WidthSummary } from "../analysis/summary.ts";
import type { StudyResult } from "../study/result.ts";
import type { Block, Text } from "../document/document.ts";
import { searched, trainedNetwork } from "./network.ts";
import { count, enumerate, passes, runs } from "../base/numbers.ts";

/** Whether several trials stand behind a width, so that answers are counts. */
export function hasSeeds(result: StudyResult): boolean {
  return summarizeWidths(result.outcomes).some(({ trials }) => trials.length > 1);
}

/** The numbers to be seen first. */
export function facts(result: StudyResult): Block {
  const { search, learning_rate } = result;
  const at = search === null ? null : searched(search);
  const alone = at === null || !hasSeeds(result) ? "" : `, with seed ${at.seed} alone`;
  return {
    kind: "facts",
    facts: [
      ...(search === null || at === null
        ? []
        : [
            {
              name: "largest learning rate that converges, η*",
              value: String(search.eta_star),
              note: `searched ${at.network.at}${alone}`,
            },
          ]),
      {
        name: "learning rate used",
        value: String(learning_rate),
        note: search === null ? "given by the study" : "η*/2",
      },
      interpolationFact(result),
    ],
  };
}

function interpolationFact(result: StudyResult): { name: string; value: string; note: string } {
  const summaries = summarizeWidths(result.outcomes);
  const within = `within ${passes(result.study.training.passes)}`;
  const [only] = summaries;
  if (summaries.length === 1) {
    const count = only.trials.length > 1 ? `median; ${ofSeeds(only)} ${within}` : within;
    return {
      name: `passes to interpolation ${trainedNetwork(result, only).at}`,
      value: String(only.median ?? "never"),
      note: isSwept(result) ? `${count}; no other width was trained` : count,
    };
  }
  const most = smallestInterpolatingWidth(result.outcomes);
  const summary = summaries.find(({ width }) => width === most);
  return {
    name: "smallest interpolating width",
    value: most === null ? "none" : String(most),
    note:
      summary === undefined
        ? `of ${enumerate(summaries.map(({ width }) => width))}, ${within}`
        : summary.trials.length > 1
          ? `${ofSeeds(summary)}, median ${passes(summary.median ?? NaN)}`
          : `after ${passes(summary.median ?? NaN)}`,
  };
}

/** One sentence or two for each answer. */
export function answers(result: StudyResult): Text[] {
  const summaries = summarizeWidths(result.outcomes);
  const asked = result.study.training.passes;
  return [
    learningRateSentence(result),
    ...(summaries.length === 1
      ? [onlyWidthSentence(result, summaries[0])]
      : [
          smallestWidthSentence(result),
          ...(hasSeeds(result)
            ? summaries.map((summary) => [countSentence(`Width ${summary.width}`, summary, asked)])
            : [[passesSentence(summaries, asked)]]),
        ]),
    ...missSentences(result, summaries),
    ...divergenceSentences(result, summaries),
  ];
}

/** Whether the study asks for widths, so that another one could have been trained. */
function isSwept({ study }: StudyResult): boolean {
  return study.sweep.width.length > 0;
}

function learningRateSentence(result: StudyResult): Text {
  const { search, learning_rate, study } = result;
  if (search === null) {
    return [`The study gives its learning rate: ${learning_rate}.`];
  }
  // The search ends only where it has rates on both sides of η*: those above it diverged.
  const above = search.probes
    .map((probe) => probe.learning_rate)
    .filter((rate) => rate > search.eta_star);
  const { network, seed } = searched(search);
  const seeds = study.streams.kind === "named" ? study.streams.seeds.length : 1;
  return [
    `The largest learning rate that converges ${network.at} is `,
    { strong: `η* = ${search.eta_star}` },
    `, and ${Math.min(...above)} diverges; the study trains at half of it, ${learning_rate}.`,
    seeds > 1
      ? ` It was searched with seed ${seed} alone, and is used for all ${seeds} seeds.`
      : "",
  ];
}

/** Where there is nothing to compare with: whether the one network interpolates, and when. */
function onlyWidthSentence(result: StudyResult, summary: WidthSummary): Text {
  const asked = result.study.training.passes;
  const { name } = trainedNetwork(result, summary);
  const alone = isSwept(result) ? " No other width was trained." : "";
  if (summary.trials.length > 1) return [countSentence(capitalized(name), summary, asked), alone];
  return summary.median === null
    ? [{ strong: `${capitalized(name)} does not interpolate` }, ` within ${passes(asked)}.`, alone]
    : [
        { strong: `${capitalized(name)} interpolates` },
        `: after ${passes(summary.median)} ${allExamples(result)} are predicted right.`,
        alone,
      ];
}

function allExamples({ outcomes }: StudyResult): string {
  const examples = outcomes.at(0)?.record.trajectory.at(0)?.train.examples ?? 0;
  return `all ${count(examples)} training examples`;
}

function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function smallestWidthSentence(result: StudyResult): Text {
  const { outcomes, study } = result;
  const summaries = summarizeWidths(outcomes);
  const most = smallestInterpolatingWidth(outcomes);
  const every = smallestInterpolatingWidth(outcomes, "every");
  const all = `${allExamples(result)} are predicted right`;
  const within = `within ${passes(study.training.passes)}`;
  const summary = summaries.find(({ width }) => width === most);
  if (summary === undefined) {
    const seeds = hasSeeds(result) ? " in most seeds" : "";
    return [{ strong: `No width interpolates${seeds}` }, ` ${within}.`];
  }
  const name = { strong: String(summary.width) };
  if (summary.trials.length === 1) {
    return [
      "The smallest width that interpolates is ",
      name,
      `: after ${passes(summary.median ?? NaN)} ${all}.`,
      ...widerThatDoNot(summaries, summary.width),
    ];
  }
  return [
    "The smallest width that interpolates in most seeds is ",
    name,
    `: in ${ofSeeds(summary)}, ${all} ${within}. `,
    every === most
      ? "It does so in every seed."
      : every === null
        ? "No width does so in every seed."
        : `The smallest that does so in every seed is ${every}.`,
  ];
}

function widerThatDoNot(summaries: readonly WidthSummary[], width: number): string[] {
  const wider = summaries.filter((summary) => summary.width > width && summary.median === null);
  if (wider.length === 0) return [];
  return [
    ` Yet the wider ${enumerate(wider.map((summary) => summary.width))} ${wider.length === 1 ? "does" : "do"} not.`,
  ];
}

/** "Passes to interpolation: 53 at width 32, 41 at width 128. Widths 8 and 16 do not interpolate within 100 passes." */
function passesSentence(summaries: readonly WidthSummary[], asked: number): string {
  const done = summaries.filter(({ median }) => median !== null);
  const never = summaries.filter(({ median }) => median === null).map(({ width }) => width);
  const when = done.map(({ width, median }) => `${median ?? ""} at width ${width}`);
  return [
    done.length === 0 ? "" : `Passes to interpolation: ${enumerate(when)}.`,
    never.length === 0
      ? ""
      : `${never.length === 1 ? "Width" : "Widths"} ${enumerate(never)} ${never.length === 1 ? "does" : "do"} not interpolate within ${passes(asked)}.`,
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

/** "Width 32 interpolates in 9 of 10 seeds, after 46 to 60 passes, median 53 (never counting as latest)." */
function countSentence(name: string, summary: WidthSummary, asked: number): string {
  const { range, median, interpolated, trials } = summary;
  if (range === null) {
    return `${name} interpolates in ${ofSeeds(summary)} within ${passes(asked)}.`;
  }
  const spread =
    range[0] === range[1]
      ? `after ${passes(range[0])}`
      : `after ${range[0]} to ${passes(range[1])}`;
  const middle =
    median === null
      ? "; the median over all seeds is never"
      : `; the median over all seeds is ${median}${interpolated < trials.length ? ", never counting as latest" : ""}`;
  return `${name} interpolates in ${ofSeeds(summary)}, ${spread}${middle}.`;
}

/** Later misses: a later miss does not undo interpolation, but a reader should know. */
function missSentences(result: StudyResult, summaries: readonly WidthSummary[]): Text[] {
  const missed = summaries.filter(({ trials }) => trials.some(({ misses }) => misses.length > 0));
  if (missed.length === 0) return [];
  const parts = missed.map((summary) => {
    const { name } = trainedNetwork(result, summary);
    const of = summary.trials.filter(({ misses }) => misses.length > 0);
    const { misses } = of[0];
    return summary.trials.length === 1
      ? `${name} (${misses.length === 1 ? "pass" : "passes"} ${shortened(misses)})`
      : `${name} (in ${of.length} of ${summary.interpolated} interpolating ${summary.interpolated === 1 ? "seed" : "seeds"})`;
  });
  return [
    [
      `After interpolating, training examples are missed again by ${enumerate(parts)}; a later miss does not undo interpolation.`,
    ],
  ];
}

function divergenceSentences(result: StudyResult, summaries: readonly WidthSummary[]): Text[] {
  return summaries.flatMap((summary) => {
    const { trials } = summary;
    const name = capitalized(trainedNetwork(result, summary).name);
    const diverged = trials.filter((trial) => trial.diverged !== null);
    const first = diverged.at(0)?.diverged;
    if (!first) return [];
    const where = `at step ${count(first.step)} of pass ${first.pass}`;
    return [
      trials.length === 1
        ? [`${name} diverged: its objective was no longer finite ${where}.`]
        : [
            `${name} diverged in ${diverged.length} of ${trials.length} seeds (the first ${where}).`,
          ],
    ];
  });
}

function ofSeeds({ interpolated, trials }: WidthSummary): string {
  return `${interpolated} of ${trials.length} ${trials.length === 1 ? "seed" : "seeds"}`;
}

/** Passes as runs; of many, the first ones and how many there are. */
function shortened(misses: readonly number[]): string {
  const written = runs(misses).split(", ");
  return written.length <= 8
    ? written.join(", ")
    : `${written.slice(0, 6).join(", ")}, …: ${misses.length} in all`;
}
