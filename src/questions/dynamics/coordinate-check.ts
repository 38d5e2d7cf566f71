// Which layers' coordinates grow, shrink or stay with width in the first passes: the coordinate check of μP (Yang and Hu 2021).

import {
  COORDINATES,
  COORDINATE_WORDS,
  coordinateName,
  coordinateScalings,
  layerName,
  STILL,
  verdictOf,
  type Coordinate,
  type CoordinateScaling,
} from "../../analysis/scaling.ts";
import { integers, number } from "../../base/fields.ts";
import { enumerate, passes as passCount, plural } from "../../base/numbers.ts";
import type { Block, Text } from "../../document/document.ts";
import { coordinatesFigure } from "../../figures/axes/coordinates.ts";
import { isScheduled } from "../../model/evaluation-schedule.ts";
import { fieldsOf, type Estimate } from "../estimate.ts";
import { MOST_NAMED } from "../network.ts";
import { capitalized, question } from "../question.ts";
import { powerText, signed } from "../rates/power-words.ts";

const MEASURED = "preactivations";

export const coordinateCheck = question({
  settings: { passes: number("an integer from 1 to 100", integers(1, 100)).default(4) },
  needs: "sweep",
  figures: () => ["coordinate-check", "coordinate-check-size"],
  lacks({ measure, sweep, training, evaluate }, settings) {
    const asked = Number(settings.passes);
    if (!(measure ?? []).includes(MEASURED))
      return `looks at ${MEASURED}, which are not measured; write measure: [${MEASURED}]`;
    if (sweep.width.length < 2) return "compares widths; list at least two as sweep.width";
    if (asked > training.passes)
      return `looks at passes 1 to ${asked}, but training has ${training.passes}; give it fewer passes, or train longer`;
    const missed = range(asked).find(
      (pass) => pass < training.passes && !isScheduled(evaluate, pass),
    );
    return missed === undefined
      ? null
      : `looks at passes 1 to ${asked}, but nothing is evaluated after pass ${missed}; leave evaluate out, or give it fewer passes`;
  },
  answer({ result }, { passes }) {
    const { outcomes, study } = result;
    const all = coordinateScalings(outcomes, range(passes));
    const last = all.filter(({ pass }) => pass === passes);
    const isStep = study.training.batch === "full";
    const when = isStep
      ? `after ${passes === 1 ? "1 step" : `${passes} steps`}`
      : `after ${passCount(passes)}`;
    const lost = last.reduce((sum, one) => sum + one.lost, 0);
    return {
      sentences: [
        ...sentences(last, when),
        [
          `Each exponent is the slope of the logarithm of the ${COORDINATE_WORDS.change} (or size) against that of the width, ${overSeeds(last)}` +
            (isStep ? " With full batches a pass is one step." : "") +
            (lost === 0 ? "" : ` ${lost} values are missing or zero, and left out.`),
        ],
      ],
      lines: [
        `coordinate check, ${when}:`,
        ...last
          .slice(0, 2 * MOST_NAMED)
          .map(
            (one) =>
              `  ${coordinateName(one)}, ${one.coordinate}: ${verdictOf(one.exponent)}, width^${exponentText(one)}`,
          ),
      ],
      section: {
        id: "coordinate-check",
        heading: "Coordinate check",
        blocks: [table(all, isStep)],
      },
      draw: (size) => [
        coordinatesFigure("change", last, when, size),
        coordinatesFigure("size", last, when, size),
      ],
      summary: { coordinate_check: summaryOf(last, { passes, pass_is_step: isStep }) },
    };
  },
});

function range(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

/** The end of the sentence that says what an exponent is. */
function overSeeds(last: readonly CoordinateScaling[]): string {
  const isSeveral = last.some(({ exponent }) => (exponent?.seeds ?? 0) > 1);
  return isSeveral
    ? `as the mean over seeds of each one's, in brackets its 95 % interval by Student's t over these; "stays" is said where that lies within ±${STILL}, "grows" and "shrinks" where it lies beyond.`
    : "of one seed: whether a coordinate stays takes more of them.";
}

function estimateOf({ exponent, points }: CoordinateScaling): Estimate {
  const { value = NaN, interval = null, seeds = 0 } = exponent ?? {};
  const over = `${plural(seeds, "seed")} at ${points.length} widths`;
  return {
    value,
    interval: interval && [interval.low, interval.high],
    by:
      interval === null
        ? `least-squares slope of ${over}`
        : `95 % by Student's t over the least-squares slopes of ${over}`,
  };
}

function exponentText(one: CoordinateScaling): string {
  return one.exponent === null ? "?" : powerText(estimateOf(one));
}

const VERDICTS = ["grows", "shrinks", "stays", "open"] as const;

/** One for each line and coordinate: which layers grow, shrink, or stay. */
function sentences(last: readonly CoordinateScaling[], when: string): Text[] {
  const lines = [...new Set(last.map(({ line }) => line))];
  if (lines.length * COORDINATES.length > MOST_NAMED) {
    const staying = last.filter(({ exponent }) => verdictOf(exponent) === "stays").length;
    return [[`Of ${last.length} coordinates ${staying} stay with width ${when}.`]];
  }
  return lines.flatMap((line) =>
    COORDINATES.toReversed().map((coordinate): Text => {
      const ofLine = last.filter((one) => one.line === line && one.coordinate === coordinate);
      const told = VERDICTS.flatMap((verdict): string[] => {
        const which = ofLine.filter(({ exponent }) => verdictOf(exponent) === verdict);
        if (which.length === 0) return [];
        const layers = which.map(
          (one) => `${one.isOutput ? "the output" : layerName(one)} (width^${exponentText(one)})`,
        );
        return [
          verdict === "open"
            ? `it is open for ${enumerate(layers)}`
            : `it ${verdict} with width in ${enumerate(layers)}`,
        ];
      });
      const start = `${line === "" ? "" : `${line}: `}the ${COORDINATE_WORDS[coordinate]} ${when}: `;
      return [capitalized(start), { strong: told.join("; ") }, "."];
    }),
  );
}

function table(all: readonly CoordinateScaling[], isStep: boolean): Block {
  const number = (heading: string) => ({ heading, numeric: true });
  return {
    kind: "table",
    caption: `Exponents of the width: mean |z| (size) and mean |z − z₀| (change) of what goes into each layer's activation, and of the scores, over training examples and units; z₀ is before training`,
    columns: [
      { heading: "layer", numeric: false },
      { heading: "coordinate", numeric: false },
      number(isStep ? "steps" : "passes"),
      number("widths"),
      number("exponent"),
      number("from"),
      number("to"),
      { heading: "with width", numeric: false },
    ],
    rows: all.slice(0, MOST_ROWS).map((one) => {
      const { interval = null, value } = one.exponent ?? {};
      const shown = (value: number | undefined) => (value === undefined ? "" : signed(value));
      return [
        coordinateName(one),
        one.coordinate,
        String(one.pass),
        String(one.points.length),
        ...[value, interval?.low, interval?.high].map(shown),
        verdictOf(one.exponent),
      ].map((cell) => [cell]);
    }),
  };
}

const MOST_ROWS = 200;

/** By what the networks have in common ("all" where the width alone differs), coordinate and layer. */
function summaryOf(last: readonly CoordinateScaling[], facts: Readonly<Record<string, unknown>>) {
  const found: Record<string, Partial<Record<Coordinate, Record<string, unknown>>>> = {};
  for (const one of last) {
    const line = (found[one.key === "" ? "all" : one.key] ??= {});
    const layer = one.isOutput ? "output" : `layer_${one.layer}`;
    (line[one.coordinate] ??= {})[layer] = {
      ...fieldsOf(estimateOf(one)),
      verdict: verdictOf(one.exponent),
    };
  }
  return { ...facts, ...found };
}
