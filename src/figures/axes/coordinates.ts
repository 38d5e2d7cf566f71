// How large a layer's preactivations are, or how far training has moved them, against width.

import {
  COORDINATE_WORDS,
  coordinateName,
  type Coordinate,
  type CoordinateScaling,
} from "../../analysis/scaling.ts";
import { againstFigure } from "../against.ts";
import type { FigureSize } from "../size.ts";
import type { Figure } from "../svg.ts";

const MOST_LINES = 12;

/** `when`: "after 3 steps". A line a layer; of too many the outputs' alone. */
export function coordinatesFigure(
  coordinate: Coordinate,
  last: readonly CoordinateScaling[],
  when: string,
  size: FigureSize = "paper",
): Figure {
  const all = last.filter((one) => one.coordinate === coordinate);
  const isMany = all.length > MOST_LINES;
  const shown = (isMany ? all.filter(({ isOutput }) => isOutput) : all).slice(0, MOST_LINES);
  const what = `The ${COORDINATE_WORDS[coordinate]}`;
  return againstFigure(
    {
      name: coordinate === "change" ? "coordinate-check" : "coordinate-check-size",
      title: `${what} ${when} against width`,
      caption:
        `${what} ${when}, over training examples and units: medians over seeds, with the range. ` +
        (isMany
          ? "Of many lines the outputs' are drawn. "
          : "A line for each layer, the output's scores last. ") +
        "Level lines are what a parametrization for wide networks keeps.",
      x: { label: "hidden width", scale: "log" },
      y: { label: COORDINATE_WORDS[coordinate], scale: "log" },
      lines: shown.map((one) => ({
        name: coordinateName(one),
        points: one.points.map(({ width, median, range: [low, high] }) => ({
          ...{ x: width, y: median, low, high },
        })),
      })),
    },
    size,
  );
}
