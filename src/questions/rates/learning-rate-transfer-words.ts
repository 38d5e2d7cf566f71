// The best learning rates in words, in a table, and drawn: the metric against the rate, a line a width.

import type { AtWidth } from "../../analysis/transfer.ts";
import { isGain } from "../../analysis/metric.ts";
import { enumerate, plural, threeDigits } from "../../base/numbers.ts";
import type { Block, Text } from "../../document/document.ts";
import { againstFigure, type Against, type AgainstLine } from "../../figures/against.ts";
import type { FigureSize } from "../../figures/size.ts";
import { stacked } from "../../figures/stacked.ts";
import type { Figure } from "../../figures/svg.ts";
import { estimateText, medianEstimate, medianIntervalWords, type Estimate } from "../estimate.ts";
import { metricName, metricText } from "../metrics/names.ts";
import { intervalText, powerText, signed } from "./power-words.ts";
import { capitalized, type Fact } from "../question.ts";

/** A setting: what is the same at all of its widths and rates. */
export interface BestLine {
  /** "" where there is one. */
  readonly name: string;
  readonly widths: readonly (AtWidth & {
    /** Of the best rate; Infinity where most seeds diverge at every rate. */
    readonly estimate: Estimate;
  })[];
  /** null where fewer than two widths have a best rate. */
  readonly exponent: Estimate | null;
}

/** Of one figure; with more settings the others are in files of their own, as slides. */
const MOST_PANELS = 4;

export function bestFact({ name, exponent }: BestLine): Fact {
  return {
    name: `best learning rate${name === "" ? "" : `, ${name}`}`,
    value: exponent === null ? "none" : `∝ width^${powerText(exponent)}`,
    note: exponent?.by ?? "training diverges at every rate",
  };
}

export function bestSentences({ name, widths, exponent }: BestLine): Text[] {
  const place = name === "" ? "The best learning rate" : `Under ${name} the best learning rate`;
  const seeds = widths[0].best.length;
  if (exponent === null)
    return [[`${place} is not told: at fewer than two widths any rate trains with every seed.`]];
  const at = ({ width, estimate }: BestLine["widths"][number]) =>
    `${rateText(estimate)} at width ${width}`;
  const { interval, by } = exponent;
  const isStill =
    interval === null
      ? Number(exponent.value.toFixed(2)) === 0
      : interval[0] <= 0 && interval[1] >= 0;
  const ends = (["smallest", "largest"] as const).flatMap((end): Text[] => {
    const there = widths.filter((one) => one.end === end).map(({ width }) => width);
    if (there.length === 0) return [];
    const which = `${there.length === 1 ? "width" : "widths"} ${enumerate(there)}`;
    return [
      [
        `${name === "" ? "At" : `Under ${name}, at`} ${which} it is the ${end} that was tried, so the best one may lie beyond, which no interval of the exponent holds: sweep ${end === "largest" ? "larger" : "smaller"} rates, too.`,
      ],
    ];
  });
  return [
    [
      isStill
        ? `${place} is not shown to move with the width: it goes as width to the power `
        : `${place} ${exponent.value < 0 ? "falls" : "rises"} with the width, as its power `,
      { strong: signed(exponent.value) },
      ` (${interval === null ? by : `${intervalText(exponent)}: ${by}`}), from ${at(widths[0])} to ${at(widths[widths.length - 1])}${seeds > 1 ? `; each is a median with ${medianIntervalWords(seeds)}` : ""}.`,
    ],
    ...ends,
  ];
}

export function bestText({ name, widths, exponent }: BestLine): string {
  const rates = widths.map(({ width, estimate }) => `${told(estimate.value)} at ${width}`);
  const law = exponent === null ? "" : ` ∝ width^${powerText(exponent)}`;
  return `best learning rate${name === "" ? "" : ` (${name})`}${law}: ${rates.join(", ")}`;
}

export function explained({ widths }: BestLine, of: string): Text {
  const rates = widths[0].rates.map(({ rate }) => rate);
  const step = Math.max(...rates.slice(1).map((rate, place) => rate / rates[place]));
  const best = isGain(of) ? "largest" : "smallest";
  return [
    `The best rate of a seed is that with the ${best} ${metricName(of)} at the end, of ${rates.length} from ${threeDigits(rates[0])} to ${threeDigits(rates[rates.length - 1])}; where training diverges it is the worst. It is known to a factor of ${threeDigits(step)} between neighbouring rates, which no interval holds. The power of the width is fitted to the medians by least squares, and its interval is that of drawing seeds anew, each with all of its widths and rates: under named streams they share examples and order, so widths are compared within a seed.`,
  ];
}

export function bestTable(lines: readonly BestLine[], of: string): Block {
  const number = (heading: string) => ({ heading, numeric: true });
  const isOne = lines.length === 1;
  const shown = metricText(of);
  return {
    kind: "table",
    caption: `The best learning rate, and the ${metricName(of)} there: medians over ${plural(lines[0].widths[0].best.length, "seed")}`,
    columns: [
      ...(isOne ? [] : [{ heading: "setting", numeric: false }]),
      ...["width", "best rate", "from", "to", metricName(of)].map(number),
      { heading: "of those tried", numeric: false },
    ],
    rows: lines.flatMap(({ name, widths }) =>
      widths.map((one): Text[] => {
        const { width, estimate, end } = one;
        const [from, to] = estimate.interval ?? [];
        return [
          ...(isOne ? [] : [[name]]),
          [String(width)],
          [{ strong: told(estimate.value) }],
          [from === undefined ? "" : told(from)],
          [to === undefined ? "" : told(to)],
          [shown(atBest(one))],
          [end === null ? "" : `the ${end}`],
        ];
      }),
    ),
  };
}

/** The median metric at the tried rate nearest to the median best one. */
function atBest({ rates, estimate }: BestLine["widths"][number]): number {
  const near = ({ rate }: { readonly rate: number }) =>
    Math.abs(Math.log(rate / Math.min(estimate.value, Number.MAX_VALUE)));
  return medianEstimate(rates.reduce((a, b) => (near(b) < near(a) ? b : a)).values).value;
}

export function drawBest(
  lines: readonly BestLine[],
  of: string,
  size: FigureSize,
  nameOf: (place: number) => string,
): readonly [Figure, ...Figure[]] {
  const specs = lines.map((line, place) => specOf(line, of, nameOf(place), valuesOf(lines)));
  const [first, ...rest] = specs.map((spec) => againstFigure(spec, size));
  if (size === "slide" || rest.length === 0) return [first, ...rest];
  const panels = [first, ...rest]
    .slice(0, MOST_PANELS)
    .map((figure, place) => ({ heading: lines[place].name, figure }));
  const left = lines.length - panels.length;
  const [{ name, title }] = specs;
  return [
    stacked(
      {
        ...{ name: size === "phone" ? `${name}-phone` : name, title },
        caption: `${captionOf(lines.slice(0, MOST_PANELS), of)}${left > 0 ? ` ${plural(left, "other setting")} ${left === 1 ? "is" : "are"} drawn with --size slide alone.` : ""}`,
      },
      panels,
    ),
  ];
}

function valuesOf(lines: readonly BestLine[]): number[] {
  return lines.flatMap(({ widths }) =>
    widths.flatMap(({ rates }) => rates.map(({ values }) => medianEstimate(values).value)),
  );
}

function specOf(line: BestLine, of: string, name: string, reaching: readonly number[]): Against {
  const trace: AgainstLine = {
    ...{ name: "best rate", dashed: true, plain: true },
    points: line.widths.map((one) => ({ x: one.estimate.value, y: atBest(one) })),
  };
  return {
    ...{ name, title: `${metricName(of)} against learning rate`, caption: captionOf([line], of) },
    x: { label: "learning rate", scale: "log" },
    y: { label: metricName(of), scale: of.endsWith("_loss") ? "log" : "linear", reaching },
    lines: [
      ...line.widths.map(({ width, rates }): AgainstLine => ({
        name: `width ${width}`,
        points: rates.map(({ rate, values }) => {
          const { value, interval } = medianEstimate(values);
          return { x: rate, y: value, ...(interval && { low: interval[0], high: interval[1] }) };
        }),
      })),
      trace,
    ],
  };
}

function captionOf(lines: readonly BestLine[], of: string): string {
  const all = lines.flatMap(({ widths }) => widths);
  const seeds = all[0].best.length;
  const points = all.flatMap(({ rates }) => rates);
  const lost = points.filter(({ values }) => !Number.isFinite(medianEstimate(values).value)).length;
  return [
    `${capitalized(metricName(of))} at the end against learning rate, a line for each width: ${seeds === 1 ? "one seed" : `medians of ${seeds} seeds with ${medianIntervalWords(seeds)}`}.`,
    "The grey dashed line leads through the best rate of each width.",
    ...(lost === 0
      ? []
      : [`At ${lost} of ${points.length} points most seeds diverged: they have no mark.`]),
  ].join(" ");
}

function told(rate: number): string {
  return rate === Infinity ? "none" : threeDigits(rate);
}

function rateText(estimate: Estimate): string {
  return estimateText(estimate, threeDigits, "none");
}
