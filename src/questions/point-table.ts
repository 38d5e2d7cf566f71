// A table with a row for each point of a study.

import type { PointSummary } from "../analysis/summary.ts";
import type { Block } from "../document/document.ts";
import { count } from "../base/numbers.ts";
import { axisName, pointKey } from "../records/point.ts";
import { trainedNetwork } from "./network.ts";
import type { Findings } from "./question.ts";

/** Rows of a table; of more points the first are shown. */
const MOST_ROWS = 200;

export interface PointColumn {
  readonly heading: string;
  readonly of: (summary: PointSummary) => string;
}

/** The points' places in the first columns, and then `columns`. */
export function pointTable(
  { result, points }: Findings,
  caption: string,
  columns: readonly PointColumn[],
): Block[] {
  const axes = Object.keys(points[0].values).filter((axis) => axis !== "width");
  const all: readonly PointColumn[] = [
    {
      heading: trainedNetwork(result, points[0]).heading,
      of: (summary) => trainedNetwork(result, summary).entry,
    },
    ...axes.map((axis) => ({
      heading: axisName(axis, axes),
      of: ({ values }: PointSummary) => String(values[axis]),
    })),
    ...columns,
  ];
  const table: Block = {
    ...{ kind: "table", caption },
    columns: all.map(({ heading }) => ({ heading, numeric: true })),
    rows: points.slice(0, MOST_ROWS).map((summary) => all.map(({ of }) => [of(summary)])),
  };
  if (points.length <= MOST_ROWS) return [table];
  const rest: Block = {
    kind: "note",
    text: [
      `These are the first ${MOST_ROWS} of ${count(points.length)} points; `,
      { code: "summary.json" },
      " has all of them.",
    ],
  };
  return [table, rest];
}

/** A value for each point, by its key. */
export function perPoint<Value>(
  { points }: Pick<Findings, "points">,
  of: (summary: PointSummary) => Value,
): Record<string, Value> {
  return Object.fromEntries(
    points.map((summary) => [pointKey(summary.trials[0].outcome.point), of(summary)]),
  );
}
