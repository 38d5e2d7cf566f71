// Each width's number at the end of its line, moved apart and joined to it where it had to move.

import { spreadLabels } from "../spread-labels.ts";
import { element, text } from "../svg.ts";
import type { Panel } from "./panel.ts";

const LABEL_GAP = 11;

interface End {
  readonly label: string;
  readonly color: string;
  readonly x: number;
  readonly y: number;
}

export function drawEndLabels({ series, measure, frame, x, vertical }: Panel): string {
  const ends = series.flatMap(({ band, style, index }): End[] => {
    const end = band.points.at(-1);
    if (!end) return [];
    const y = Math.min(vertical.y(end[measure].median, index), frame.bottom);
    return [{ label: String(band.width), color: style.color, x: x(end.pass), y }];
  });
  const early = ends.filter((end) => end.x < frame.right - 1);
  const last = ends.filter((end) => end.x >= frame.right - 1);
  return element(
    "g",
    {},
    ...place(early, [frame.top - 2, frame.bottom - 5]).map((end) =>
      label(end, end.x + 8, end.labelY),
    ),
    ...place(last, [frame.top - 2, frame.bottom + 4]).map((end) => {
      const leader = element("path", {
        d: `M${(frame.right + 1).toFixed(1)} ${end.y.toFixed(1)}L${frame.right + 9} ${end.labelY.toFixed(1)}h4`,
        fill: "none",
        stroke: end.color,
        "stroke-width": 0.8,
      });
      return leader + label(end, frame.right + 15, end.labelY);
    }),
  );
}

/** With more lines than rows, none: the legend alone tells them apart. */
function place(
  ends: readonly End[],
  bounds: readonly [number, number],
): (End & { labelY: number })[] {
  const labelY = spreadLabels(
    ends.map(({ y }) => y),
    LABEL_GAP,
    bounds,
  );
  if (labelY === null) return [];
  return ends.map((end, index) => ({ ...end, labelY: labelY[index] ?? end.y }));
}

function label(end: End, left: number, y: number): string {
  return text(end.label, {
    x: left,
    y: y + 3.8,
    "font-size": 10.5,
    "font-weight": 600,
    fill: end.color,
  });
}
