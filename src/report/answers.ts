// The answers in sentences: the learning rate, the smallest interpolating width, when each width
// interpolates, and how far a reader may rely on it.

import { passesToInterpolation, smallestInterpolatingWidth } from "../analysis/interpolation.ts";
import { summarizeWidths, type WidthSummary } from "../analysis/summary.ts";
import type { StudyResult } from "../study/result.ts";
import type { Block, Text } from "./document.ts";
import { count, enumerate, passes, runs } from "./numbers.ts";

/** Whether several trials stand behind a width, so that answers are counts. */
export function hasSeeds(result: StudyResult): boolean {
  return summarizeWidths(result.outcomes).some(({ trials }) => trials.length > 1);
}

/** The numbers to be seen first. */
export function facts(result: StudyResult): Block {
  const { search, learning_rate, study } = result;
  const most = smallestInterpolatingWidth(result.outcomes);
  const summary = summarizeWidths(result.outcomes).find(({ width }) => width === most);
  const asked = study.training.passes;
  return {
    kind: "facts",
    facts: [
      ...(search === null
        ? []
        : [
            {
              name: "largest learning rate that converges, η*",
              value: String(search.eta_star),
              note: `searched at width ${study.search.width}`,
            },
          ]),
      {
        name: "learning rate used",
        value: String(learning_rate),
        note: search === null ? "given by the study" : "η*/2",
      },
      {
        name: "smallest interpolating width",
        value: most === null ? "none" : String(most),
        note:
          summary === undefined
            ? `of ${enumerate(summarizeWidths(result.outcomes).map(({ width }) => width))}, within ${passes(asked)}`
            : summary.trials.length > 1
              ? `${ofSeeds(summary)}, median ${passes(summary.median ?? NaN)}`
              : `after ${passes(summary.median ?? NaN)}`,
      },
    ],
  };
}

/** One sentence or two for each answer. */
export function answers(result: StudyResult): Text[] {
  const summaries = summarizeWidths(result.outcomes);
  const asked = result.study.training.passes;
  return [
    learningRateSentence(result),
    smallestWidthSentence(result),
    ...(hasSeeds(result)
      ? summaries.map((summary) => [countSentence(summary, asked)])
      : [[passesSentence(summaries, asked)]]),
    ...missSentences(summaries),
    ...divergenceSentences(summaries),
  ];
}

/** What stands behind the answers: one seed or several, and one rounding. */
export function reliance(result: StudyResult, readme: string): Text {
  const smallest = smallestInterpolatingWidth(result.outcomes);
  const first = result.outcomes.find(({ width }) => width === smallest);
  const at = first ? passesToInterpolation(first.record) : null;
  const more: Text = [
    "Training at these rates is chaotic in the last bit: a change of one unit in the last place of the initial weights moves the pass at which a width interpolates and, near the smallest such width, decides whether it does. ",
    { code: "widthwise replay --ensemble 20" },
    " measures how much, by training from 20 such perturbations of one start; see ",
    {
      link: "How much of the answer is rounding",
      href: `${readme}#how-much-of-the-answer-is-rounding`,
    },
    ".",
  ];
  if (hasSeeds(result)) {
    return ["Each seed above was trained once, with one order of summation. ", ...more];
  }
  const claim =
    smallest === null || at === null
      ? "“no width interpolates”"
      : `“width ${smallest} interpolates at pass ${at}”`;
  return [{ strong: `One seed and one rounding stand behind ${claim}.` }, " ", ...more];
}

function learningRateSentence({ search, learning_rate, study }: StudyResult): Text {
  if (search === null) {
    return [`The study gives its learning rate: ${learning_rate}.`];
  }
  const above = search.probes
    .filter((probe) => probe.verdict === "diverges" && probe.learning_rate > search.eta_star)
    .map((probe) => probe.learning_rate);
  const next = above.length === 0 ? "" : `, and ${Math.min(...above)} diverges`;
  return [
    "The largest learning rate that converges at width ",
    `${study.search.width} is `,
    { strong: `η* = ${search.eta_star}` },
    `${next}; every width was trained at half of it, ${learning_rate}.`,
  ];
}

function smallestWidthSentence(result: StudyResult): Text {
  const { outcomes, study } = result;
  const summaries = summarizeWidths(outcomes);
  const most = smallestInterpolatingWidth(outcomes);
  const every = smallestInterpolatingWidth(outcomes, "every");
  const examples = outcomes.at(0)?.record.trajectory.at(0)?.train.examples ?? 0;
  const all = `all ${count(examples)} training examples are predicted right`;
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
function countSentence(summary: WidthSummary, asked: number): string {
  const { width, range, median, interpolated, trials } = summary;
  if (range === null) {
    return `Width ${width} interpolates in ${ofSeeds(summary)} within ${passes(asked)}.`;
  }
  const spread =
    range[0] === range[1]
      ? `after ${passes(range[0])}`
      : `after ${range[0]} to ${passes(range[1])}`;
  const middle =
    median === null
      ? "; the median over all seeds is never"
      : `; the median over all seeds is ${median}${interpolated < trials.length ? ", never counting as latest" : ""}`;
  return `Width ${width} interpolates in ${ofSeeds(summary)}, ${spread}${middle}.`;
}

/** Later misses: a later miss does not undo interpolation, but a reader should know. */
function missSentences(summaries: readonly WidthSummary[]): Text[] {
  const missed = summaries.filter(({ trials }) => trials.some(({ misses }) => misses.length > 0));
  if (missed.length === 0) return [];
  const parts = missed.map(({ width, trials, interpolated }) => {
    const of = trials.filter(({ misses }) => misses.length > 0);
    return trials.length === 1
      ? `width ${width} (passes ${shortened(of.at(0)?.misses)})`
      : `width ${width} (in ${of.length} of ${interpolated} interpolating seeds)`;
  });
  return [
    [
      `After interpolating, training examples are missed again by ${enumerate(parts)}; a later miss does not undo interpolation.`,
    ],
  ];
}

function divergenceSentences(summaries: readonly WidthSummary[]): Text[] {
  return summaries.flatMap(({ width, trials }) => {
    const diverged = trials.filter((trial) => trial.diverged !== null);
    const first = diverged.at(0)?.diverged;
    if (!first) return [];
    const where = `at step ${count(first.step)} of pass ${first.pass}`;
    return [
      trials.length === 1
        ? [`Width ${width} diverged: its objective was no longer finite ${where}.`]
        : [
            `Width ${width} diverged in ${diverged.length} of ${trials.length} seeds (the first ${where}).`,
          ],
    ];
  });
}

function ofSeeds({ interpolated, trials }: WidthSummary): string {
  return `${interpolated} of ${trials.length} ${trials.length === 1 ? "seed" : "seeds"}`;
}

/** Passes as runs; of many, the first ones and how many there are. */
function shortened(misses: readonly number[] = []): string {
  const written = runs(misses).split(", ");
  return written.length <= 8
    ? written.join(", ")
    : `${written.slice(0, 6).join(", ")}, …: ${misses.length} in all`;
}
