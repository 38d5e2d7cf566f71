// Sharpness against passes beside what descent at the study's rate can bear, and at the end against width.

import { limitOf, NEAR, sharpnessPath, type SharpnessPath } from "../../analysis/edge.ts";
import type { PointSummary } from "../../analysis/summary.ts";
import { medianInterval } from "../../analysis/statistics/median-interval.ts";
import { wilsonInterval } from "../../analysis/statistics/share.ts";
import { passes as passCount, plural } from "../../base/numbers.ts";
import type { Block, Text } from "../../document/document.ts";
import { sharpnessFigure, sharpnessWidthFigure } from "../../figures/sharpness.ts";
import { sharpnessColumn } from "../../measurements/table.ts";
import { pointKey } from "../../records/point.ts";
import type { Study } from "../../study/spec.ts";
import { estimateText, fieldsOf, type Estimate } from "../estimate.ts";
import { MOST_NAMED, trainedNetwork } from "../network.ts";
import { capitalized, question } from "../question.ts";

export const sharpnessAtTheEdge = question({
  settings: {},
  needs: "sweep",
  figures: ({ sweep }) => ["sharpness", ...(sweep.width.length > 1 ? ["sharpness-width"] : [])],
  lacks: ({ measure }) =>
    sharpnessColumn(measure) === null
      ? "looks at the sharpness, which is not measured; write measure: [sharpness]"
      : null,
  answer({ result, points }) {
    const { study } = result;
    const column = sharpnessColumn(study.measure) ?? "";
    const edges = points.map((summary) => edgeAt(summary, column));
    const name = (place: number) => trainedNetwork(result, points[place]).name;
    const limit = limitWords(points);
    const named = edges.map((edge, place) => ({
      ...edge,
      name: name(place),
      width: points[place].width,
    }));
    return {
      facts: edges.length === 1 && edges[0].ratio ? [factOf(edges[0], limit)] : [],
      sentences: [...sentences(named, limit), [limit.sentence + batchWords(study)]],
      lines: [
        "sharpness at the end:",
        ...named
          .slice(0, MOST_NAMED)
          .map(
            ({ name, final, ratio, reaching }) =>
              `  ${name}: ${estimateText(final)}` +
              (ratio
                ? `, ${estimateText(ratio)} of ${limit.name}, which ${reaching.count} of ${reaching.seeds} reach`
                : ""),
          ),
      ],
      section: { id: "sharpness", heading: "Sharpness", blocks: [table(named, limit)] },
      draw: (size) => [
        sharpnessFigure(named, limit.name, size),
        ...(study.sweep.width.length > 1
          ? [sharpnessWidthFigure(points, named, limit.name, size)]
          : []),
      ],
      summary: {
        sharpness: {
          limit: limit.name,
          points: Object.fromEntries(
            edges.map((edge, place) => [
              pointKey(points[place].trials[0].outcome.point),
              fields(edge),
            ]),
          ),
        },
      },
    };
  },
});

interface Edge {
  readonly paths: readonly SharpnessPath[];
  readonly initial: Estimate;
  readonly final: Estimate;
  /** Final sharpness over its limit; null where there is none. */
  readonly ratio: Estimate | null;
  readonly reaching: {
    readonly count: number;
    /** Of these, seeds that are there before training. */
    readonly begin: number;
    readonly seeds: number;
    readonly share: Estimate;
  };
  /** Passes until it is reached. */
  readonly reached: Estimate;
  /** Of later evaluations the share within 10 %; null where no trial has some. */
  readonly near: Estimate | null;
}

function edgeAt({ trials }: PointSummary, column: string): Edge {
  const paths = trials.map(({ outcome }) => sharpnessPath(outcome, column));
  const at = (place: number) => (path: SharpnessPath) => path.rows.at(place)?.sharpness ?? Infinity;
  const ratios = paths.flatMap(({ rows }) => {
    const last = rows.at(-1);
    return last === undefined || last.limit === null ? [] : [last.sharpness / last.limit];
  });
  const count = paths.filter(({ reached }) => reached !== null).length;
  const { low, high } = wilsonInterval(count, paths.length);
  const near = paths.flatMap((path) => path.near ?? []);
  return {
    ...{ paths, initial: medianOf(paths.map(at(0))), final: medianOf(paths.map(at(-1))) },
    ratio: ratios.length === 0 ? null : medianOf(ratios),
    reaching: {
      ...{ count, seeds: paths.length },
      begin: paths.filter(({ reached }) => reached === 0).length,
      share: {
        ...{ value: count / paths.length, interval: [low, high] },
        by: `Wilson's 95 % interval of ${plural(paths.length, "seed")}`,
      },
    },
    reached: medianOf(paths.map(({ reached }) => reached ?? Infinity)),
    near: near.length === 0 ? null : medianOf(near),
  };
}

/** With its interval over seeds. */
function medianOf(values: readonly number[]): Estimate {
  const { median: value, low, high, kind } = medianInterval(values);
  const seeds = plural(values.length, "seed");
  return {
    value,
    interval: values.length === 1 ? null : [low, high],
    by: kind === "range" ? `range of ${seeds}` : `95 % order statistics over ${seeds}`,
  };
}

interface Limit {
  /** "2/η" */
  readonly name: string;
  readonly sentence: string;
}

function limitWords(points: readonly PointSummary[]): Limit {
  const all = points.map(({ trials }) => trials[0].outcome.record.specification);
  if (all.every((one) => limitOf(one, 0) === null))
    return {
      name: "no limit",
      sentence: all.some(({ training }) => training.layer_rates !== undefined)
        ? "Layers have rates of their own here, so that 2/η is no limit of the sharpness, and none is drawn."
        : "Adam's steps are scaled, so that 2/η is no limit of the sharpness, and none is drawn.",
    };
  const { optimizer, schedule } = all[0].training;
  const name =
    optimizer?.kind !== "sgd"
      ? "2/η"
      : optimizer.nesterov === true
        ? "2(1 + μ)/(η(1 + 2μ))"
        : "2(1 + μ)/η";
  const rate = schedule === undefined ? "" : ", with the rate η of the pass that was just trained";
  return {
    name,
    sentence: `Gradient descent is stable up to a sharpness of ${name}${rate}; it is reached where the sharpness is at least that, and stayed at within ${100 * NEAR} %.`,
  };
}

function batchWords({ training }: Study): string {
  return training.batch === "full"
    ? ""
    : " That is full batches' limit: with smaller ones training is noisy, and the sharpness may stay below.";
}

interface NamedEdge extends Edge {
  readonly name: string;
}

function factOf({ ratio, final }: Edge, limit: Limit) {
  return {
    name: `final sharpness over ${limit.name}`,
    value: ratio === null ? "" : estimateText(ratio),
    note: `sharpness ${estimateText(final)}`,
  };
}

function sentences(edges: readonly NamedEdge[], limit: Limit): Text[] {
  if (edges.length > MOST_NAMED) {
    const reaching = edges.filter(({ reaching: { count, seeds } }) => 2 * count > seeds).length;
    return [
      [
        { strong: `The sharpness reaches ${limit.name}` },
        ` in most seeds at ${reaching} of ${edges.length} points.`,
      ],
    ];
  }
  return edges.map(({ name, initial, final, ratio, reaching, reached, near }): Text => {
    const from = `${capitalized(name)}: the sharpness goes from ${estimateText(initial)} to ${estimateText(final)}`;
    if (ratio === null) return [`${from}.`];
    const { count, begin, seeds } = reaching;
    const whole = `${from}, ${estimateText(ratio)} of ${limit.name}; `;
    if (count === 0) return [whole, { strong: `it does not reach ${limit.name}` }, "."];
    const who = seeds === 1 ? "" : ` in ${count} of ${seeds} seeds`;
    const when = begin === count ? "begins at or above it" : "reaches it";
    const median = seeds === 1 ? "" : ", by the median over all";
    const after =
      begin === count || !Number.isFinite(reached.value)
        ? ""
        : `${median} after ${passCount(reached.value)}`;
    return [
      whole,
      { strong: `it ${when}${who}${after}` },
      near === null
        ? "."
        : `, and then is within ${100 * NEAR} % of it at a share of ${estimateText(near)} of the evaluations.`,
    ];
  });
}

function table(edges: readonly NamedEdge[], limit: Limit): Block {
  const number = (heading: string) => ({ heading, numeric: true });
  const orNone = (estimate: Estimate | null) => (estimate === null ? "" : estimateText(estimate));
  return {
    kind: "table",
    caption: `Medians over seeds, in brackets their intervals (${edges[0].final.by}); ${limit.name} is reached where the sharpness is at least that, and stayed at within ${100 * NEAR} %`,
    columns: [
      { heading: "point", numeric: false },
      ...["before training", "at the end", `over ${limit.name}`, "seeds that reach it"].map(number),
      ...["after passes", "share of later evaluations within 10 %"].map(number),
    ],
    rows: edges
      .slice(0, MOST_ROWS)
      .map(({ name, initial, final, ratio, reaching, reached, near }) =>
        [
          name,
          estimateText(initial),
          estimateText(final),
          orNone(ratio),
          ratio === null ? "" : `${reaching.count} of ${reaching.seeds}`,
          ratio === null ? "" : estimateText(reached),
          orNone(near),
        ].map((cell) => [cell]),
      ),
  };
}

const MOST_ROWS = 200;

function fields({ initial, final, ratio, reaching, reached, near }: Edge) {
  return {
    ...{ initial: fieldsOf(initial), final: fieldsOf(final) },
    ...{ ratio: ratio && fieldsOf(ratio), reaching: fieldsOf(reaching.share) },
    ...{ reached: fieldsOf(reached), near: near && fieldsOf(near) },
  };
}
