// The learning-rate search: the loss after one pass over its threshold for every rate tried.

import type { Objective } from "../model/objectives/objective.ts";
import { scaleLog } from "d3-scale";

import { axisBreak, lane, xAxis, yAxis, type Frame } from "./axes/axes.ts";
import { threeDigits } from "../base/numbers.ts";
import { labelsBeside, type Box, type PlacedLabel } from "./marks/labels-beside.ts";
import { sheetOf, type FigureSize } from "./size.ts";
import { FAINT_INK, HALO, INK, element, figure, text, textWidth, type Figure } from "./svg.ts";
import { logDomain, logTicks } from "./axes/ticks.ts";

/** One rate that was tried. */
export interface TriedRate {
  readonly learning_rate: number;
  readonly before: number;
  /** After one pass; not finite where training broke off. */
  readonly after: number;
  /** The rate converges if `after` lies below it. */
  readonly threshold: number;
  readonly verdict: "converges" | "diverges";
}

const HEIGHT = 370;
const LANE = { top: 22, bottom: 52 };
/** Below the frame: ticks and the title. */
const FOOTROOM = 52;
/** Of a mark's label. */
const LABEL = { size: 11, height: 13, radius: 7 };
const CONVERGES = "#1b5e9b";
const DIVERGES = "#a8321f";

/** The search at another combination of what is swept beside the width. */
export interface OtherSearch {
  readonly probes: readonly TriedRate[];
  readonly eta_star: number;
  /** " at noise 0.1". */
  readonly place: string;
}

/**
 * `used`: the rate at which the study trains; `unit`: what the losses are measured in; `others` share the scales. At least
 * one rate was tried.
 */
export function learningRateFigure(
  first: readonly TriedRate[],
  etaStar: number,
  used: number,
  size: FigureSize = "paper",
  unit: Objective["unit"] = "nats",
  others: readonly OtherSearch[] = [],
): Figure {
  const searches = [{ probes: first, eta_star: etaStar }, ...others];
  const tried = searches.flatMap(({ probes }) => probes);
  const allUsed = [...new Set([used, ...others.map(({ eta_star }) => eta_star / 2)])];
  const sheet = sheetOf(size, HEIGHT);
  const frame: Frame = {
    left: size === "phone" ? 60 : 66,
    right: sheet.width - (size === "phone" ? 8 : 24),
    top: 70,
    bottom: sheet.height - FOOTROOM,
  };
  const ratios = tried.map(({ after, threshold }) => after / threshold);
  const domain = logDomain([...ratios.flatMap((ratio) => [ratio / 1.3, ratio * 1.3]), 0.5, 2]);
  const y = scaleLog(domain, [frame.bottom, frame.top]);
  const rates = [...new Set([...tried.map(({ learning_rate }) => learning_rate), ...allUsed])].sort(
    (a, b) => a - b,
  );
  const [least = used, most = used] = [rates.at(0), rates.at(-1)];
  const x = scaleLog([least, most], [frame.left + 60, frame.right - 60]);
  const share = tried.map(({ before, threshold }) => threshold / before).at(0) ?? NaN;
  const across = least === most ? () => (frame.left + frame.right) / 2 : x;
  const marks = searches.flatMap(({ probes, eta_star }) =>
    probes.map((rate): Mark => {
      const ratio = rate.after / rate.threshold;
      return {
        ...{ rate, isEtaStar: rate.learning_rate === eta_star },
        x: across(rate.learning_rate),
        y: Number.isFinite(ratio) && ratio > 0 ? y(ratio) : (LANE.top + LANE.bottom) / 2,
      };
    }),
  );
  const labels = placeLabels(marks, frame, [
    ...sidesOf(y(1), frame).map(({ box }) => box),
    ...allUsed
      .map(across)
      .flatMap((x) => [
        boxAround(x, frame.top - 5, "used: η*/2"),
        { left: x, right: x, top: frame.top, bottom: frame.bottom },
      ]),
  ]);
  const areAllTold = marks.every((mark, place) => labelsOf(mark)[labels[place]?.of ?? 1]?.loss);

  return figure(
    {
      name: size === "phone" ? "learning-rate-phone" : "learning-rate",
      title: "The learning-rate search",
      caption: `Training loss after one pass as a multiple of the threshold, ${threeDigits(share)} of the loss before training, for every learning rate tried; both scales are logarithmic. Discs converge, triangles diverge; a triangle in the upper lane has no finite loss. The numbers beside the marks are the losses in ${unit}${areAllTold ? "" : "; where they have no room, the table has them"}.${
        others.length === 0
          ? ""
          : ` Each of the ${searches.length} combinations of what is swept beside the width has marks and an η* of its own.`
      }`,
      description: tried
        .map(
          ({ learning_rate, after, threshold, verdict }) =>
            `${learning_rate} ${verdict}: loss ${threeDigits(after)} after a pass, threshold ${threeDigits(threshold)}.`,
        )
        .concat(
          `The largest rate that converges is ${etaStar}; the study trains at ${used}.`,
          ...others.map(({ eta_star, place }) => `The largest${place} is ${eta_star}.`),
        )
        .join(" "),
    },
    sheet,
    yAxis(
      { ...frame, top: LANE.top },
      [
        ...logTicks(domain).map(({ value, label }) => ({ at: y(value), label })),
        { at: (LANE.top + LANE.bottom) / 2, label: "not finite" },
      ],
      "",
    ),
    text("loss after one pass ÷ threshold", {
      transform: `translate(${frame.left - 46} ${(frame.top + frame.bottom) / 2}) rotate(-90)`,
      "text-anchor": "middle",
    }),
    lane(frame, LANE.top, LANE.bottom),
    axisBreak(frame, (LANE.bottom + frame.top) / 2),
    xAxis(
      frame,
      rates.map((rate) => ({
        at: across(rate),
        label: rate < 1e-3 ? rate.toExponential() : String(rate),
      })),
      "learning rate (logarithmic scale)",
      2,
    ),
    drawThreshold(y(1), frame),
    ...allUsed.map((rate) =>
      drawUsed(
        across(rate),
        searches.some(({ eta_star }) => rate === eta_star / 2),
        frame,
      ),
    ),
    ...marks.map((mark, place) => drawRate(mark, labels[place])),
  );
}

/** A rate that was tried, where it lies. */
interface Mark {
  readonly rate: TriedRate;
  readonly isEtaStar: boolean;
  readonly x: number;
  readonly y: number;
}

/** Where the marks' labels stand, null for those that have no room; η* and what diverges first have theirs before others. */
function placeLabels(marks: readonly Mark[], frame: Frame, obstacles: readonly Box[]) {
  const rank = ({ rate, isEtaStar }: Mark) =>
    isEtaStar ? 0 : rate.verdict === "diverges" ? rate.learning_rate : Infinity;
  const order = [...marks.keys()].sort((a, b) => rank(marks[a]) - rank(marks[b]) || a - b);
  const bounds = { left: frame.left + 2, right: frame.right, top: LANE.top, bottom: frame.bottom };
  const found = labelsBeside(
    order.map((place) => ({
      ...{ x: marks[place].x, y: marks[place].y, radius: LABEL.radius, height: LABEL.height },
      widths: labelsOf(marks[place]).map(({ loss = "", star = "" }) =>
        textWidth(`${loss} ${star}`.trim(), LABEL.size),
      ),
    })),
    bounds,
    obstacles,
  );
  return marks.map((_, place) => found[order.indexOf(place)]);
}

/** The loss; of η* its name, too, or that alone. */
function labelsOf({ rate, isEtaStar }: Mark): { readonly loss?: string; readonly star?: string }[] {
  const loss = threeDigits(rate.after);
  const star = "η*";
  return isEtaStar ? [{ loss, star }, { star }] : [{ loss }];
}

/** Of a text whose middle is at `x` and whose foot is at `y`. */
function boxAround(x: number, y: number, content: string): Box {
  const half = textWidth(content, LABEL.size + 1) / 2;
  return { left: x - half, right: x + half, top: y - LABEL.size, bottom: y + 3 };
}

/** What lies on both sides of the threshold at `y`. */
function sidesOf(y: number, { right }: Frame) {
  return (
    [
      ["diverges ↑", y - 7, DIVERGES],
      ["converges ↓", y + 16, CONVERGES],
    ] as const
  ).map(([content, foot, fill]) => {
    const width = textWidth(content, LABEL.size);
    return {
      ...{ content, foot, fill },
      box: { left: right - width, right, top: foot - LABEL.size, bottom: foot + 3 },
    };
  });
}

function drawThreshold(y: number, frame: Frame): string {
  const { left, right } = frame;
  return element(
    "g",
    {},
    element("line", { x1: left, x2: right, y1: y, y2: y, stroke: INK, "stroke-dasharray": "5 3" }),
    ...sidesOf(y, frame).map(({ content, foot, fill }) =>
      text(content, { x: right, y: foot, "text-anchor": "end", fill }),
    ),
  );
}

function drawUsed(x: number, isHalf: boolean, { top, bottom }: Frame): string {
  return element(
    "g",
    {},
    element("line", {
      x1: x,
      x2: x,
      y1: top,
      y2: bottom,
      stroke: FAINT_INK,
      "stroke-dasharray": "2 3",
    }),
    text(isHalf ? "used: η*/2" : "used", {
      x,
      y: top - 5,
      "text-anchor": "middle",
      "font-weight": 600,
    }),
  );
}

/** `label`: where it stands, if it does. */
function drawRate(at: Mark, label: PlacedLabel | null): string {
  const { rate } = at;
  const converges = rate.verdict === "converges";
  const color = converges ? CONVERGES : DIVERGES;
  const mark = converges
    ? element("circle", { cx: at.x, cy: at.y, r: 5.5, fill: color })
    : element("path", {
        d: `M${at.x.toFixed(1)} ${(at.y - 6.5).toFixed(1)}l6.5 11.5h-13z`,
        fill: "#ffffff",
        stroke: color,
        "stroke-width": 1.6,
      });
  if (label === null) return mark;
  const { loss, star } = labelsOf(at)[label.of];
  return element(
    "g",
    {},
    mark,
    element(
      "text",
      { x: label.left, y: label.bottom - 2.5, "font-size": LABEL.size, fill: INK, ...HALO },
      loss === undefined ? "" : element("tspan", { "font-weight": 600 }, loss),
      star === undefined
        ? ""
        : element(
            "tspan",
            { "font-weight": 600, fill: color, dx: loss === undefined ? 0 : 4 },
            star,
          ),
    ),
  );
}
