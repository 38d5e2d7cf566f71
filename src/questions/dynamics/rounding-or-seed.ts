// How much of the spread of a number over seeds is the last bit's: trials trained anew from initial weights moved by one
// unit in the last place, beside trials of other seeds.

import { extent } from "d3-array";

import { METRICS, metricAt } from "../../analysis/metric.ts";
import type { Outcome } from "../../analysis/outcome.ts";
import { passesToInterpolation } from "../../analysis/interpolation.ts";
import { roundingSpreads, type Dispersion, type SpreadAt } from "../../analysis/rounding.ts";
import { integers, number, oneOf } from "../../base/fields.ts";
import { plural, threeDigits } from "../../base/numbers.ts";
import type { Block, Text } from "../../document/document.ts";
import { roundingFigure } from "../../figures/rounding.ts";
import { pointKey } from "../../records/point.ts";
import {
  bootstrapEstimate,
  estimateText,
  fieldsOf,
  type Estimate,
  FEWEST_DRAWN,
} from "../estimate.ts";
import { MOST_NAMED, trainedNetwork } from "../network.ts";
import { capitalized, question, type Findings } from "../question.ts";

const PASSES = "passes_to_interpolation";
const MOVED = "initial weights moved by one unit in the last place";

export const roundingOrSeed = question({
  settings: {
    of: oneOf([PASSES, ...METRICS]).default(PASSES),
    perturbations: number("an integer from 1 to 1000", integers(1, 1000)).default(10),
    seeds: number("an integer from 1 to 1000", integers(1, 1000)).default(5),
  },
  needs: "perturbed",
  figures: () => ["rounding-or-seed"],
  answer(findings, { of, perturbations }) {
    const { result } = findings;
    const { perturbed, bootstrap, outcomes } = result;
    if (perturbed === undefined) throw new Error("nothing was perturbed");
    const name = of === PASSES ? "passes to interpolation" : `${of.replace("_", " ")} at the end`;
    const numberOf = (outcome: Outcome) =>
      of === PASSES
        ? (passesToInterpolation(outcome.record) ?? Infinity)
        : metricAt(outcome, of, "end");
    const spreads = roundingSpreads(outcomes, perturbed, numberOf, bootstrap);
    const told: Told = { findings, spreads, name, perturbations, shown: shownAs(of) };
    const shares = spreads.flatMap((spread) => estimateOf(spread) ?? []);
    const [first = NaN, last = NaN] = extent(shares, ({ value }) => value);
    return {
      facts:
        shares.length === 0
          ? []
          : [
              {
                name: "rounding's share of the variance",
                value:
                  shares.length === 1 ? partText(shares[0]) : ends([first, last], threeDecimals),
                note: `of ${name}${shares.length === 1 ? "" : `, at ${shares.length} points`}`,
              },
            ],
      sentences: [...sentences(told), method(told)],
      lines: lines(told),
      section: { id: "rounding-or-seed", heading: "Rounding or seed", blocks: [table(told)] },
      draw: (size) => [roundingFigure(spreads, { name, perturbations }, size)],
      summary: {
        rounding_or_seed: {
          ...{ of, perturbations },
          points: Object.fromEntries(spreads.map((spread) => [keyOf(spread), fieldsAt(spread)])),
          fingerprints: fingerprints(perturbed),
        },
      },
    };
  },
});

interface Told {
  readonly findings: Findings;
  readonly spreads: readonly SpreadAt[];
  /** "passes to interpolation" */
  readonly name: string;
  readonly perturbations: number;
  readonly shown: (value: number) => string;
}

/** Whole passes as they are, and what is not finite in words. */
function shownAs(of: string): (value: number) => string {
  if (of === PASSES) return (value) => (value === Infinity ? "never" : String(value));
  return (value) => (Number.isFinite(value) ? threeDigits(value) : "diverged");
}

function keyOf({ values }: SpreadAt): string {
  return pointKey({ values, seed: null });
}

/** null where there is no share. */
function estimateOf({ share, rounding }: SpreadAt): Estimate | null {
  if (share === null) return null;
  return bootstrapEstimate(share.value, share, rounding.length);
}

/** Why there is no share, after "rounding's share of the variance". */
function whyNot({ rounding, seeds }: SpreadAt): string {
  if ([seeds, ...rounding].some(({ range }) => !range.every(Number.isFinite)))
    return "is not known, since some trials have no finite number";
  return rounding.length < 2 ? "takes a second seed" : "is none, since all trials have the same";
}

/** "47 to 78", "never" */
function ends([low, high]: readonly [number, number], shown: (value: number) => string): string {
  const [first, last] = [shown(low), shown(high)];
  return first === last ? first : `${first} to ${last}`;
}

/** The seed that rounding moves the most. */
function widest({ rounding }: SpreadAt): SpreadAt["rounding"][number] {
  const extent = ({ range: [low, high] }: Dispersion) => (low === high ? 0 : high - low);
  return rounding.reduce((a, b) => (extent(b) > extent(a) ? b : a));
}

function sentences({ findings, spreads, name, shown }: Told): Text[] {
  if (spreads.length > MOST_NAMED) {
    const known = spreads.flatMap(({ share }) => share ?? []);
    const most = known.filter(({ low }) => low > 0.5).length;
    const least = known.filter(({ high }) => high < 0.5).length;
    return [
      [
        `Rounding makes more than half of the variance of ${name} at ${most} of ${spreads.length} points, less at ${least}; at ${spreads.length - most - least} that is open.`,
      ],
    ];
  }
  return spreads.map((spread, place): Text => {
    const { seeds, rounding } = spread;
    const estimate = estimateOf(spread);
    const at = capitalized(trainedNetwork(findings.result, findings.points[place]).name);
    const over = seeds.n === 1 ? "" : `${ends(seeds.range, shown)} over ${seeds.n} seeds, `;
    const within = rounding.length === 1 ? "" : " within the seed that this moves the most";
    return [
      `${at}: ${name}: ${over}${ends(widest(spread).range, shown)} with ${MOVED}${within}; rounding's share of the variance `,
      ...(estimate === null ? [] : ["is ", { strong: partText(estimate) }]),
      estimate === null ? `${whyNot(spread)}.` : ".",
    ];
  });
}

function method({ spreads, perturbations }: Told): Text {
  const seeds = spreads[0].rounding.length;
  const how = `${seeds === 1 ? "One seed was" : `Each of ${seeds} seeds was`} trained ${plural(perturbations, "more time")}, each time with another draw of ${MOVED}.`;
  return seeds === 1
    ? [how]
    : [
        `${how} The share is that of the variance within seeds in the variance of trials of different seeds, by a one-way analysis of variance${seeds < FEWEST_DRAWN ? `; its interval takes ${FEWEST_DRAWN} seeds` : `; in brackets stands its 95 % interval, a percentile bootstrap over these ${seeds} seeds`}.`,
      ];
}

function table({ findings, spreads, name, shown }: Told): Block {
  const number = (heading: string) => ({ heading, numeric: true });
  const root = (deviation: number | null) => (deviation === null ? "" : threeDigits(deviation));
  const { result, points } = findings;
  return {
    kind: "table",
    caption: `${capitalized(name)}: ends, quartiles and standard deviation over seeds; with ${MOVED}, ends of the seed that this moves the most, and the standard deviation within seeds; the share of the variance that is rounding's, with its interval`,
    columns: [
      { heading: "point", numeric: false },
      ...[number("seeds"), number("ends"), number("quartiles"), number("deviation")],
      ...[number("perturbed"), number("ends"), number("deviation"), number("rounding's share")],
    ],
    rows: spreads.map((spread, place) => {
      const { seeds, rounding, deviation } = spread;
      return [
        trainedNetwork(result, points[place]).name,
        String(seeds.n),
        ends(seeds.range, shown),
        ends(seeds.quartiles, shown),
        root(seeds.deviation),
        `${rounding.length} × ${rounding[0].n - 1}`,
        ends(widest(spread).range, shown),
        root(deviation),
        shareText(spread),
      ].map((cell) => [cell]);
    }),
  };
}

function lines({ findings, spreads, name, shown }: Told): string[] {
  const { result, points } = findings;
  const told = spreads.slice(0, MOST_NAMED).map((spread, place) => {
    const { seeds } = spread;
    return `  ${trainedNetwork(result, points[place]).name}: ${ends(seeds.range, shown)} over ${plural(seeds.n, "seed")}, ${ends(widest(spread).range, shown)} by rounding, share ${shareText(spread)}`;
  });
  const more = spreads.length - told.length;
  return [
    `rounding or seed, ${name}:`,
    ...told,
    ...(more > 0 ? [`… and ${plural(more, "point")} more: the report has all of them`] : []),
  ];
}

function shareText(spread: SpreadAt): string {
  const estimate = estimateOf(spread);
  return estimate === null ? "not known" : partText(estimate);
}

/** "0.139 (0.000 … 0.614)" */
function partText(share: Estimate): string {
  return estimateText(share, threeDecimals);
}

/** Of a part of a whole. */
function threeDecimals(value: number): string {
  return value.toFixed(3);
}

function fieldsAt(spread: SpreadAt) {
  const { seeds, rounding, deviation } = spread;
  const estimate = estimateOf(spread);
  return {
    seeds: finite(seeds),
    rounding: { deviation, seeds: rounding.map(({ seed, ...one }) => ({ seed, ...finite(one) })) },
    share: estimate && fieldsOf(estimate),
  };
}

/** "Never" as null. */
function finite({ n, median, range, quartiles, deviation }: Dispersion) {
  const orNull = (value: number) => (Number.isFinite(value) ? value : null);
  return {
    ...{ trials: n, median: orNull(median), deviation },
    ...{ range: range.map(orNull), quartiles: quartiles.map(orNull) },
  };
}

/** Of the perturbed trials of each point, in the plan's order. */
function fingerprints(perturbed: readonly Outcome[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { point, record } of perturbed)
    (found[pointKey(point)] ??= []).push(record.fingerprint);
  return found;
}
