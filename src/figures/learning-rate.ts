// The learning-rate search: the loss after one pass over its threshold for every rate tried.

import type { Objective } from "../model/objectives/objective.ts";
import { scaleLog } from "d3-scale";

import { axisBreak, lane, xAxis, yAxis, type Frame } from "./axes/axes.ts";
import { sheetOf, type FigureSize } from "./size.ts";
import { FAINT_INK, HALO, INK, element, figure, text, type Figure } from "./svg.ts";
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

  return figure(
    {
      name: size === "phone" ? "learning-rate-phone" : "learning-rate",
      title: "The learning-rate search",
      caption: `Training loss after one pass as a multiple of the threshold, ${format(share)} of the loss before training, for every learning rate tried; both scales are logarithmic. Discs converge, triangles diverge; a triangle in the upper lane has no finite loss. The numbers beside the marks are the losses in ${unit}, those in parentheses the order of trying.${
        others.length === 0
          ? ""
          : ` Each of the ${searches.length} combinations of what is swept beside the width has marks and an η* of its own.`
      }`,
      description: tried
        .map(
          ({ learning_rate, after, threshold, verdict }) =>
            `${learning_rate} ${verdict}: loss ${format(after)} after a pass, threshold ${format(threshold)}.`,
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
    ...searches.flatMap(({ probes, eta_star }) =>
      probes.map((rate, index) => {
        const ratio = rate.after / rate.threshold;
        const at = {
          x: across(rate.learning_rate),
          y: Number.isFinite(ratio) && ratio > 0 ? y(ratio) : (LANE.top + LANE.bottom) / 2,
        };
        return drawRate(rate, index + 1, at, rate.learning_rate === eta_star);
      }),
    ),
  );
}

function drawThreshold(y: number, { left, right }: Frame): string {
  return element(
    "g",
    {},
    element("line", { x1: left, x2: right, y1: y, y2: y, stroke: INK, "stroke-dasharray": "5 3" }),
    text("diverges ↑", { x: right, y: y - 7, "text-anchor": "end", fill: DIVERGES }),
    text("converges ↓", { x: right, y: y + 16, "text-anchor": "end", fill: CONVERGES }),
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

function drawRate(
  rate: TriedRate,
  order: number,
  at: { x: number; y: number },
  isEtaStar: boolean,
): string {
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
  return element(
    "g",
    {},
    mark,
    element(
      "text",
      {
        x: at.x + 12,
        y: at.y + 4,
        "font-size": 11,
        fill: INK,
        ...HALO,
      },
      element("tspan", { "font-weight": 600 }, format(rate.after)),
      element("tspan", { fill: FAINT_INK, dx: 4 }, `(${order})`),
      isEtaStar ? element("tspan", { "font-weight": 600, fill: color, dx: 6 }, "η*") : "",
    ),
  );
}

/** Three significant digits. */
function format(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : "∞";
  return value !== 0 && (Math.abs(value) >= 1e5 || Math.abs(value) < 1e-4)
    ? value.toExponential(1)
    : String(Number(value.toPrecision(3)));
}
