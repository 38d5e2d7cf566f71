// Each point's name at the end of its line, moved apart and joined to it where it had to move.

import type { Frame } from "../axes/axes.ts";
import { spreadLabels } from "../axes/spread-labels.ts";
import { element, text, textWidth } from "../svg.ts";
import type { Panel } from "./panel.ts";

const LABEL_GAP = 11;
const FONT_SIZE = 10.5;
/** From the frame to a name beside it. */
const LEADER = 15;

/** Where a line ends, in px, and its name. */
export interface End {
  readonly label: string;
  readonly color: string;
  readonly x: number;
  readonly y: number;
}

/** `room`: to the right of the frame, in px; where a name at its end needs more, the legend alone tells lines apart. */
export function drawEndLabels(panel: Panel, room: number): string {
  return drawEnds(endsOf(panel), panel.frame, room);
}

/** To the right of a frame, in px, where all of these names fit beside each other; Infinity where they are too many. */
export function roomForEnds(labels: readonly string[], frame: Frame): number {
  if ((labels.length - 1) * LABEL_GAP > frame.bottom - frame.top) return Infinity;
  return LEADER + Math.max(0, ...labels.map((label) => textWidth(label, FONT_SIZE)));
}

function endsOf({ series, measure, frame, x, vertical }: Panel): End[] {
  return series.flatMap(({ band, name, style, index }): End[] => {
    const end = band.points.at(-1);
    if (!end) return [];
    const y = Math.min(vertical.y(end[measure].median, index), frame.bottom);
    return [{ label: name, color: style.color, x: x(end.pass), y }];
  });
}

/** As `drawEndLabels`. */
export function drawEnds(ends: readonly End[], frame: Frame, room: number): string {
  const fits = ({ label }: End, left: number) =>
    left + textWidth(label, FONT_SIZE) <= frame.right + room;
  const early = ends.filter((end) => end.x < frame.right - 1);
  const last = ends.filter((end) => end.x >= frame.right - 1);
  const [isEarly, isLast] = [
    early.every((end) => fits(end, end.x + 8)),
    last.every((end) => fits(end, frame.right + LEADER)),
  ];
  return element(
    "g",
    {},
    ...place(isEarly ? early : [], [frame.top - 2, frame.bottom - 5]).map((end) =>
      label(end, end.x + 8, end.labelY),
    ),
    ...place(isLast ? last : [], [frame.top - 2, frame.bottom + 4]).map((end) => {
      const leader = element("path", {
        d: `M${(frame.right + 1).toFixed(1)} ${end.y.toFixed(1)}L${frame.right + 9} ${end.labelY.toFixed(1)}h4`,
        fill: "none",
        stroke: end.color,
        "stroke-width": 0.8,
      });
      return leader + label(end, frame.right + LEADER, end.labelY);
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
    "font-size": FONT_SIZE,
    "font-weight": 600,
    fill: end.color,
  });
}
