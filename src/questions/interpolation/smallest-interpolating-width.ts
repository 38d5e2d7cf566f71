// The smallest width that predicts every training example right within the passes of the study: one for each
// combination of what else the study sweeps.

import { greatest } from "d3-array";

import { enumerate, passes } from "../../base/numbers.ts";
import { smallestInterpolatingWidth } from "../../analysis/interpolation.ts";
import { linesOf, type Line } from "../../analysis/points.ts";
import type { PointSummary } from "../../analysis/summary.ts";
import type { Text } from "../../document/document.ts";
import { evaluatedSentences } from "../evaluated-words.ts";
import { allExamples, ofSeeds, ONCE, onlyNetwork, shareInterval } from "./interpolation-words.ts";
import { MOST_NAMED, trainedNetwork } from "../network.ts";
import { seedBySeed } from "./seed-by-seed.ts";
import {
  capitalized,
  isSwept,
  question,
  type Answer,
  type Fact,
  type Findings,
} from "../question.ts";

/** Of combinations that have a number of their own to be seen first. */
const MOST_FACTS = 4;

export const smallestWidth = question({
  settings: {},
  needs: "sweep",
  figures: () => [],
  answer(findings): Answer {
    const { result, points, several } = findings;
    const lines = linesOf(points);
    const behind = several ? `in most of ${points[0].trials.length} seeds` : ONCE;
    const bySeed = seedBySeed(findings, lines);
    if (lines.length > 1) {
      const answer = ofLines(findings, lines, behind);
      return {
        ...answer,
        sentences: [...answer.sentences, ...bySeed.sentences],
        summary: { ...answer.summary, ...bySeed.summary },
        ...(bySeed.section && { section: bySeed.section }),
      };
    }
    const smallest = smallestOf(points);
    const summary = points.find(({ width }) => width === smallest);
    const found = {
      claim: claim(findings, summary),
      summary: { smallest_interpolating_width: smallest, ...bySeed.summary },
    };
    const aside = [
      ...(isNarrowest(points, summary) ? ["no narrower one was trained"] : []),
      ...(several && summary === undefined ? [mostSeeds(points)] : []),
    ];
    if (points.length > 1)
      return {
        ...found,
        facts: [
          {
            name: "smallest interpolating width",
            value: String(smallest ?? "none"),
            note: note(findings, summary),
          },
        ],
        sentences: [sentence(findings, summary), ...bySeed.sentences],
        conditions: evaluatedSentences(findings),
        lines: [
          `smallest interpolating width: ${smallest ?? "none of these"} (${[behind, ...aside].join("; ")})`,
          ...bySeed.lines,
        ],
        ...(bySeed.section && { section: bySeed.section }),
      };
    const { name } = trainedNetwork(result, points[0]);
    const verb = summary === undefined ? "does not interpolate" : "interpolates";
    const alone = isSwept(findings) ? "; no other width was trained" : "";
    return { ...found, ...onlyNetwork(findings), lines: [`${name} ${verb} (${behind})${alone}`] };
  },
});

/** Each combination's own answer; where it has one width alone, whether that interpolates. */
function ofLines(
  findings: Findings,
  lines: readonly Line<PointSummary>[],
  behind: string,
): Answer & Required<Pick<Answer, "sentences" | "summary">> {
  const widths = new Set(findings.points.map(({ width }) => width)).size;
  const answers = lines.map((line) => ({ ...line, smallest: smallestOf(line.points) }));
  const summary = {
    smallest_interpolating_width: Object.fromEntries(
      answers.map(({ key, smallest }) => [key, smallest]),
    ),
  };
  const within = `within ${passes(findings.result.study.training.passes)}`;
  const most = findings.several ? " in most seeds" : "";
  if (widths === 1 || !isSwept(findings)) {
    const done = answers.filter(({ smallest }) => smallest !== null).map(({ name }) => name);
    const names = done.length > MOST_NAMED ? "" : `: ${done.join("; ")}`;
    const verb = done.length === 1 ? "interpolates" : "interpolate";
    const all = `${done.length} of ${answers.length} points ${verb}${most} ${within}`;
    const told = done.length === 0 ? all : all + names;
    return { summary, sentences: [[`${told}.`]], lines: [`${told} (${behind})`] };
  }
  const facts = answers.map(({ name, points, smallest }): Fact => {
    const found = points.find(({ width }) => width === smallest);
    return {
      name: `smallest interpolating width, ${name}`,
      value: String(smallest ?? "none"),
      note: note({ ...findings, points }, found),
    };
  });
  if (answers.length <= MOST_NAMED)
    return {
      summary,
      facts: facts.length <= MOST_FACTS ? facts : [],
      sentences: answers.map(({ name, points, smallest }) => [
        { strong: capitalized(name) },
        ": ",
        ...lowered(
          sentence(
            { ...findings, points },
            points.find(({ width }) => width === smallest),
          ),
        ),
      ]),
      lines: [
        `smallest interpolating width (${behind}):`,
        ...answers.map(({ name, smallest }) => `  ${name}: ${smallest ?? "none of these"}`),
      ],
    };
  const found = answers.flatMap(({ smallest }) => smallest ?? []);
  const range = [...new Set([Math.min(...found), Math.max(...found)])].join(" to ");
  const told =
    found.length === 0
      ? `No width interpolates${most} ${within}, whatever else is swept`
      : `The smallest width that interpolates${most} ${within} is ${range}, by what else is swept; at ${found.length} of ${answers.length} combinations there is one`;
  return { summary, sentences: [[`${told}.`]], lines: [`${told} (${behind})`] };
}

/** A sentence that goes on after a colon. */
function lowered([first, ...rest]: Text): Text {
  const lower = (words: string) => words.charAt(0).toLowerCase() + words.slice(1);
  if (typeof first === "string") return [lower(first), ...rest];
  return "strong" in first ? [{ strong: lower(first.strong) }, ...rest] : [first, ...rest];
}

function smallestOf(points: readonly PointSummary[], share?: "most" | "every"): number | null {
  const outcomes = points.flatMap(({ trials }) => trials.map(({ outcome }) => outcome));
  return smallestInterpolatingWidth(outcomes, share);
}

/** Of several, so that a narrower one might do, too. */
function isNarrowest(points: readonly PointSummary[], summary: PointSummary | undefined): boolean {
  const width = summary?.width ?? 1;
  return width > 1 && points.every((point) => point.width >= width);
}

/** How near to most seeds a width comes, where none interpolates in most. */
function mostSeeds(points: readonly PointSummary[]): string {
  const best = greatest(points, ({ interpolated, trials }) => interpolated / trials.length);
  return best === undefined || best.interpolated === 0
    ? "none does in any seed"
    : `at most in ${ofSeeds(best)}, at width ${best.width}`;
}

function claim({ result, points }: Findings, summary: PointSummary | undefined): string {
  if (summary !== undefined)
    return `${trainedNetwork(result, summary).name} interpolates at pass ${summary.median}`;
  return points.length === 1
    ? `${trainedNetwork(result, points[0]).name} does not interpolate`
    : "no width interpolates";
}

function note({ result, points }: Findings, summary: PointSummary | undefined): string {
  if (summary === undefined)
    return `of ${enumerate(points.map(({ width }) => width))}, within ${passes(result.study.training.passes)}`;
  const median = passes(summary.median ?? NaN);
  return summary.trials.length > 1 ? `${ofSeeds(summary)}, median ${median}` : `after ${median}`;
}

function sentence(findings: Findings, summary: PointSummary | undefined): Text {
  const { result, points, several } = findings;
  const within = `within ${passes(result.study.training.passes)}`;
  if (summary === undefined)
    return several
      ? [{ strong: "No width interpolates in most seeds" }, ` ${within}: ${mostSeeds(points)}.`]
      : [{ strong: "No width interpolates" }, ` ${within}.`];
  const all = `${allExamples(summary)} are predicted right`;
  const name = { strong: String(summary.width) };
  const narrowest = isNarrowest(points, summary) ? [" No narrower one was trained."] : [];
  if (summary.trials.length === 1) {
    const wider = points.filter(({ width, median }) => width > summary.width && median === null);
    const numbers = enumerate(wider.map(({ width }) => width));
    return [
      "The smallest width that interpolates is ",
      name,
      `: after ${passes(summary.median ?? NaN)} ${all}.`,
      ...(wider.length === 0
        ? []
        : [` Yet the wider ${numbers} ${wider.length === 1 ? "does" : "do"} not.`]),
      ...narrowest,
    ];
  }
  const every = smallestOf(points, "every");
  return [
    "The smallest width that interpolates in most seeds is ",
    name,
    `: in ${ofSeeds(summary)} (Wilson's 95 % interval: ${shareInterval(summary)}), ${all} ${within}. `,
    every === summary.width
      ? "It does so in every seed."
      : every === null
        ? "No width does so in every seed."
        : `The smallest that does so in every seed is ${every}.`,
    ...narrowest,
  ];
}
