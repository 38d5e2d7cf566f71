// The share of seeds that interpolate against width, and the interval in which it comes to one half.

import { scaleLinear, scaleLog } from "d3-scale";

import { wilsonInterval } from "../analysis/statistics/share.ts";
import { xAxis, yAxis, type Frame } from "./axes/axes.ts";
import { sheetOf, type FigureSize } from "./size.ts";
import { FAINT_INK, HALO, INK, element, figure, text, type Figure } from "./svg.ts";

/** A width that was looked at. */
export interface SharePoint {
  readonly width: number;
  readonly seeds: number;
  readonly interpolated: number;
  readonly verdict: "less" | "more" | "undecided";
}

export interface ThresholdEnds {
  readonly low: number;
  /** null where no width is shown to interpolate in more than half of its seeds. */
  readonly high: number | null;
  readonly level: number;
}

const MARK = "#2f5d9b";

/** `points`: widths that were visited, in any order. */
export function thresholdFigure(
  points: readonly SharePoint[],
  { low, high, level }: ThresholdEnds,
  size: FigureSize = "paper",
): Figure {
  const ascending = points.toSorted((a, b) => a.width - b.width);
  const sheet = sheetOf(size, 340);
  const frame: Frame = {
    left: size === "phone" ? 60 : 66,
    right: sheet.width - (size === "phone" ? 14 : 24),
    top: 40,
    bottom: sheet.height - 58,
  };
  const [narrowest, widest] = [ascending[0].width, ascending[ascending.length - 1].width];
  const x = scaleLog([narrowest / 1.3, widest * 1.3], [frame.left, frame.right]).base(2);
  const y = scaleLinear([-0.04, 1.04], [frame.bottom, frame.top]);
  const half = y(0.5);
  const name = thresholdText({ low, high });
  const [from, to] = [x(Math.max(low, narrowest)), high === null ? frame.right - 3 : x(high)];
  const middle = Math.min(Math.max((from + to) / 2, frame.left + 60), frame.right - 60);

  return figure(
    {
      name: size === "phone" ? "threshold-phone" : "threshold",
      title: "Share of seeds that interpolate against width",
      caption:
        `Share of seeds that interpolate (points) with Wilson's 95 % interval (bars), against the hidden width (logarithmic scale). ` +
        `Full points are widths shown to interpolate in less or in more than half of their seeds; open points are undecided. ` +
        `The shaded strip is the interval of the threshold at ${100 * level} % confidence: ${name}.`,
      description: `Share of seeds that interpolate by hidden width. ${ascending
        .map(({ width, interpolated, seeds }) => `Width ${width}: ${interpolated} of ${seeds}.`)
        .join(" ")}`,
    },
    sheet,
    element("rect", {
      ...{ x: from - 3, y: frame.top, width: to - from + 6, height: frame.bottom - frame.top },
      ...{ fill: "#e9d9a8", "fill-opacity": 0.75 },
    }),
    yAxis(
      frame,
      [0, 0.25, 0.5, 0.75, 1].map((share) => ({ at: y(share), label: `${100 * share} %` })),
      "seeds that interpolate",
    ),
    element("line", {
      ...{ x1: frame.left, x2: frame.right, y1: half, y2: half },
      ...{ stroke: FAINT_INK, "stroke-dasharray": "4 3" },
    }),
    text(`threshold ${name}`, {
      ...{ x: middle, y: frame.top - 12, "text-anchor": "middle", "font-weight": 600 },
      ...{ "font-size": 12, ...HALO },
    }),
    xAxis(
      frame,
      ticksOf(ascending, { low, high }).map((width) => ({ at: x(width), label: String(width) })),
      "hidden width (logarithmic scale)",
      2,
    ),
    ...ascending.map(({ width, seeds, interpolated, verdict }) => {
      const { low: least, high: most } = wilsonInterval(interpolated, seeds);
      const isOpen = verdict === "undecided";
      return element(
        "g",
        {},
        element("line", {
          ...{ x1: x(width), x2: x(width), y1: y(least), y2: y(most) },
          ...{ stroke: MARK, "stroke-width": 1.2, "stroke-opacity": 0.7 },
        }),
        element("circle", {
          ...{ cx: x(width), cy: y(interpolated / seeds), r: 3.6 },
          ...{ fill: isOpen ? "#ffffff" : MARK, stroke: isOpen ? MARK : "#ffffff" },
          "stroke-width": isOpen ? 1.5 : 0.8,
        }),
      );
    }),
    element("line", {
      ...{ x1: from - 3, x2: to + 3, y1: frame.top, y2: frame.top, stroke: INK },
      "stroke-width": 2.4,
    }),
  );
}

/** "25", "21 … 29", "33 or more". */
export function thresholdText({ low, high }: Pick<ThresholdEnds, "low" | "high">): string {
  if (high === null) return `${low} or more`;
  return low === high ? String(low) : `${low} … ${high}`;
}

/** The ends, and the powers of two that leave them their room. */
function ticksOf(
  points: readonly SharePoint[],
  { low, high }: Pick<ThresholdEnds, "low" | "high">,
): number[] {
  const isFar = (width: number) =>
    [low, high ?? low].every((end) => Math.abs(Math.log2(width / end)) > 0.3);
  const widths = points.map(({ width }) => width);
  const powers = widths.filter((width) => Number.isInteger(Math.log2(width)) && isFar(width));
  return [...new Set([...powers, low, high ?? low])].sort((a, b) => a - b);
}
