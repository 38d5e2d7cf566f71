// Which learning rate trains best at each width, and whether it moves with the width.

import { linesOf } from "../../analysis/points.ts";
import { METRICS } from "../../analysis/metric.ts";
import { bestRates, moving } from "../../analysis/transfer.ts";
import { oneOf } from "../../base/fields.ts";
import type { Study } from "../../study/spec.ts";
import { bootstrapEstimate, fieldsOf, medianEstimate } from "../estimate.ts";
import {
  bestFact,
  bestSentences,
  bestTable,
  bestText,
  drawBest,
  explained,
  type BestLine,
} from "./learning-rate-transfer-words.ts";
import { MOST_NAMED } from "../network.ts";
import { question, type Findings } from "../question.ts";

const RATE = "training.learning_rate";

export const learningRateTransfer = question({
  settings: { of: oneOf(METRICS).default("train_loss") },
  needs: "sweep",
  figures: (study, size) =>
    Array.from({ length: size === "slide" ? groupCount(study) : 1 }, (_, place) => nameOf(place)),
  lacks({ sweep }) {
    const rates = sweep.paths?.[RATE] ?? [];
    const isJoined = sweep.zip?.some((group) => group.includes("width") && group.includes(RATE));
    if (sweep.width.length < 2) return "needs several widths; list them as sweep.width";
    if (rates.length < 3) return `needs three rates or more; list them as sweep.${RATE}`;
    return isJoined ? "needs every rate at every width; leave them out of zip" : null;
  },
  answer(findings, { of }) {
    const { result, points } = findings;
    const lines = linesOf(points, alongOf(result.study)).map(({ name, points }) =>
      lineOf(findings, of, name, points),
    );
    const told = lines.slice(0, MOST_NAMED);
    return {
      facts: told.map(bestFact),
      sentences: [
        ...told.flatMap((line) => bestSentences(line)),
        ...(lines.length > told.length
          ? [[`So it was looked at in ${lines.length} settings; the table has all of them.`]]
          : []),
      ],
      lines: told.map(bestText),
      section: {
        id: "learning-rate-transfer",
        heading: "The best learning rate by width",
        blocks: [{ kind: "paragraph", text: explained(lines[0], of) }, bestTable(lines, of)],
      },
      draw: (size) => drawBest(lines, of, size, nameOf),
      summary: {
        learning_rate_transfer: {
          of,
          exponent: lines[0].exponent && fieldsOf(lines[0].exponent),
          lines: lines.map(({ name, exponent, widths }) => ({
            name,
            exponent: exponent && fieldsOf(exponent),
            widths: widths.map(({ width, end, best, estimate }) => ({
              ...{ width, ...fieldsOf(estimate), end },
              seeds: best.map((rate) => (Number.isFinite(rate) ? rate : null)),
            })),
          })),
          seeds: result.study.streams.kind === "named" ? result.study.streams.seeds : null,
        },
      },
    };
  },
});

function lineOf(
  { result }: Findings,
  of: string,
  name: string,
  points: Findings["points"],
): BestLine {
  const outcomes = points.flatMap(({ trials }) => trials.map(({ outcome }) => outcome));
  const widths = bestRates(outcomes, of).map((one) => ({
    ...one,
    estimate: medianEstimate(one.best.map((rate) => (Number.isNaN(rate) ? Infinity : rate))),
  }));
  const found = moving(widths, result.bootstrap());
  const seeds = widths[0].best.length;
  const exponent = found && bootstrapEstimate(found.law.exponent, found.interval, seeds);
  return { name, widths, exponent };
}

/** Width and rate, and what turns with either. */
function alongOf({ sweep: { zip = [] } }: Study): string[] {
  const joined = zip.filter((group) => group.includes("width") || group.includes(RATE));
  return ["width", RATE, ...joined.flat()];
}

/** Settings that differ in what is swept beside them: as many panels. */
function groupCount(study: Study): number {
  const { paths = {}, zip = [] } = study.sweep;
  const along = alongOf(study);
  return Object.entries(paths)
    .filter(
      ([path]) =>
        !along.includes(path) && (zip.find((group) => group.includes(path)) ?? [path])[0] === path,
    )
    .reduce((product, [, values]) => product * values.length, 1);
}

/** Of the file of a panel. */
function nameOf(place: number): string {
  return place === 0 ? "learning-rate-transfer" : `learning-rate-transfer-${place + 1}`;
}
