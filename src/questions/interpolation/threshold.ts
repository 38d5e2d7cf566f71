// The smallest interpolating width, searched: widths and seeds as it takes, and an interval.

import { wilsonInterval } from "../../analysis/statistics/share.ts";
import { count, enumerate, passes } from "../../base/numbers.ts";
import type { Block, Text } from "../../document/document.ts";
import { thresholdFigure, thresholdText } from "../../figures/threshold.ts";
import { THRESHOLD_LEVEL, type ThresholdFound } from "../../study/plans/threshold-search.ts";
import { scheduleSentences } from "../evaluated-words.ts";
import { question, type Findings } from "../question.ts";
import { severalThresholds } from "./several-thresholds.ts";

const PERCENT = `${100 * THRESHOLD_LEVEL} %`;

export const threshold = question({
  settings: {},
  needs: "threshold",
  figures: () => ["threshold"],
  answer({ result }: Findings) {
    const { threshold: found, outcomes, study } = result;
    if (found === undefined) throw new Error("the threshold was not searched");
    if (result.thresholds !== undefined) return severalThresholds(result, result.thresholds);
    const { low, high, visits, violations } = found;
    const within = passes(study.training.passes);
    const name = thresholdText(found);
    return {
      facts: [
        {
          name: "smallest width that interpolates in most seeds",
          value: name,
          note: `${PERCENT} confidence; ${visits.length} widths, ${count(outcomes.length)} trials`,
        },
      ],
      sentences: [sentence(found, within), ...violationSentences(found)],
      conditions: scheduleSentences(study),
      lines: [
        `threshold: ${name} within ${within} (${PERCENT} confidence, ${count(outcomes.length)} trials of ${visits.length} widths)`,
        ...(violations.length > 0
          ? ["the share does not rise with width everywhere: see the report"]
          : []),
      ],
      section: { id: "threshold", heading: "The threshold", blocks: [visitTable(found)] },
      draw: (size) => [thresholdFigure(visits, { low, high, level: THRESHOLD_LEVEL }, size)],
      summary: {
        threshold: {
          interval: [low, high],
          confidence: THRESHOLD_LEVEL,
          visits: visits.map((visit) => ({ ...visit })),
          violations,
        },
      },
    };
  },
});

function sentence({ low, high, visits }: ThresholdFound, within: string): Text {
  const of = (width: number) => {
    const visit = visits.find((one) => one.width === width);
    return `${visit?.interpolated} of ${visit?.seeds} seeds`;
  };
  const below = low > 1 ? `width ${low - 1} does so in ${of(low - 1)}` : null;
  if (high === null)
    return [
      {
        strong: `No width up to ${Math.max(...visits.map(({ width }) => width))} is shown to interpolate`,
      },
      ` in more than half of all seeds within ${within}${below === null ? "" : `; ${below}`}.`,
    ];
  const above = `width ${high} in ${of(high)}`;
  return [
    "The smallest width that interpolates in more than half of all seeds ",
    low === high ? "is " : "lies in ",
    { strong: low === high ? String(high) : `${low} … ${high}` },
    `, at ${PERCENT} confidence if that share rises with width: within ${within} `,
    below === null ? `${above.replace(" in ", " interpolates in ")}.` : `${below}, ${above}.`,
  ];
}

function violationSentences({ violations }: ThresholdFound): Text[] {
  if (violations.length === 0) return [];
  const wider = [...new Set(violations.map(([, width]) => width))].sort((a, b) => a - b);
  const narrower = [...new Set(violations.map(([width]) => width))].sort((a, b) => a - b);
  const widths = (all: readonly number[]) =>
    `${all.length === 1 ? "width" : "widths"} ${enumerate(all)}`;
  return [
    [
      { strong: "The share does not rise with width everywhere:" },
      ` it is shown to lie above one half at ${widths(narrower)}, and below at the wider ${widths(wider)}. The interval is that of one crossing, and there are others.`,
    ],
  ];
}

function visitTable({ visits }: ThresholdFound): Block {
  const number = (heading: string) => ({ heading, numeric: true });
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  return {
    kind: "table",
    caption:
      "Widths in the order of their visits, with the share of seeds that interpolate and Wilson's 95 % interval of it; less and more than one half are shown by exact binomial bounds whose errors add up to 5 % over all looks and widths",
    columns: [
      number("width"),
      number("seeds"),
      number("interpolate"),
      number("share"),
      number("from"),
      number("to"),
      { heading: "than one half", numeric: false },
    ],
    rows: visits.map(({ width, seeds, interpolated, verdict }) => {
      const { low, high } = wilsonInterval(interpolated, seeds);
      return [
        [String(width)],
        [String(seeds)],
        [String(interpolated)],
        [percent(interpolated / seeds)],
        [percent(low)],
        [percent(high)],
        verdict === "undecided" ? [verdict] : [{ strong: verdict }],
      ];
    }),
  };
}
