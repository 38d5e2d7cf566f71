// The smallest interpolating width of each seed by itself, and its median over seeds.

import { group } from "d3-array";
import { smallestWidthsBySeed } from "../../analysis/interpolation.ts";
import { varyingAxes, type Line } from "../../analysis/points.ts";
import type { PointSummary } from "../../analysis/summary.ts";
import { enumerate, plural } from "../../base/numbers.ts";
import type { Block, Section, Text } from "../../document/document.ts";
import { axisName } from "../../records/point.ts";
import {
  estimateText,
  fieldsOf,
  medianEstimate,
  shareEstimate,
  type Estimate,
} from "../estimate.ts";
import { MOST_NAMED } from "../network.ts";
import type { Answer, Findings } from "../question.ts";
import { percentInterval } from "./interpolation-words.ts";

interface SeedBySeed {
  readonly line: Line<PointSummary>;
  /** In the order of the seeds; Infinity where none of the widths interpolates. */
  readonly smallest: readonly number[];
  /** Infinity where that is the median. */
  readonly median: Estimate;
  /** Of seeds of which some width interpolates. */
  readonly share: Estimate;
}

/** Beside the smallest width of most seeds; nothing where a line has one width, or points have one seed. */
export function seedBySeed(
  findings: Findings,
  lines: readonly Line<PointSummary>[],
): Required<Pick<Answer, "sentences" | "lines" | "summary">> & Pick<Answer, "section"> {
  const widths = new Set(findings.points.map(({ width }) => width)).size;
  const all = findings.several && widths > 1 ? lines.flatMap(ofLine) : [];
  if (all.length === 0) return { sentences: [], lines: [], summary: {} };
  const fields = <Value>(of: (one: SeedBySeed) => Value) =>
    lines.length === 1 ? of(all[0]) : Object.fromEntries(all.map((one) => [one.line.key, of(one)]));
  // Where no width does so in any seed, that is told already.
  const isNone = all.every(({ share }) => share.value === 0);
  const isOne = lines.length === 1;
  return {
    sentences: isNone ? [] : isOne ? [sentence(all[0])] : severalSentence(all),
    lines: isOne && !isNone ? [`seed by seed: ${inShort(all[0])}`] : [],
    ...(!isNone && { section: section(all) }),
    summary: {
      smallest_interpolating_width_by_seed: fields(({ smallest }) =>
        smallest.map((width) => (width === Infinity ? null : width)),
      ),
      median_smallest_interpolating_width: fields(({ median }) => fieldsOf(median)),
      share_with_interpolating_width: fields(({ share }) => fieldsOf(share)),
    },
  };
}

function ofLine(line: Line<PointSummary>): SeedBySeed[] {
  const outcomes = line.points.flatMap(({ trials }) => trials.map(({ outcome }) => outcome));
  const smallest = smallestWidthsBySeed(outcomes);
  if (smallest.length === 0) return [];
  const found = smallest.filter(Number.isFinite).length;
  const [median, share] = [medianEstimate(smallest), shareEstimate(found, smallest.length)];
  return [{ line, smallest, median, share }];
}

/** "32 (16 … none)" */
function medianText({ median }: SeedBySeed): string {
  return estimateText(median, String, "none");
}

function someWidth({ smallest }: SeedBySeed): string {
  return `${smallest.filter(Number.isFinite).length} of ${plural(smallest.length, "seed")}`;
}

function inShort(one: SeedBySeed): string {
  return `median ${medianText(one)}, some width in ${someWidth(one)}`;
}

/** "Seed by seed it is 16 in 3, 32 in 5 and none of these in 2 of 10 seeds: the median is 32 (16 … none), …" */
function sentence(one: SeedBySeed): Text {
  const { smallest, median, share } = one;
  const sorted = [...group(smallest, (width) => width)].sort(([a], [b]) => a - b);
  const counts = sorted.map(
    ([width, { length }]) => `${width === Infinity ? "none of these" : width} in ${length}`,
  );
  const widths =
    counts.length > MOST_NAMED
      ? ""
      : `${enumerate(counts)} of ${plural(smallest.length, "seed")}: `;
  return [
    `Seed by seed the smallest width that interpolates ${widths === "" ? "varies: " : `is ${widths}`}`,
    "the median is ",
    { strong: medianText(one) },
    `${betweenWords(one)}, in brackets the ${median.by}${censoredWords([one])}. `,
    `Some width interpolates in ${someWidth(one)} (Wilson's 95 % interval: ${percentInterval(share)}).`,
  ];
}

/** Of an even number of seeds, whose median may be none of the widths. */
function betweenWords({ smallest, median: { value } }: SeedBySeed): string {
  if (value === Infinity || smallest.includes(value)) return "";
  const below = Math.max(...smallest.filter((width) => width < value));
  const above = Math.min(...smallest.filter((width) => width > value));
  return `, midway between ${below} and ${above}`;
}

function censoredWords(all: readonly SeedBySeed[]): string {
  const isCensored = all.some(({ smallest }) => smallest.includes(Infinity));
  return isCensored ? ", none of these counting as wider than any" : "";
}

function severalSentence(all: readonly SeedBySeed[]): Text[] {
  if (all.length > MOST_NAMED) return [];
  const medians = all.map((one) => `${medianText(one)} at ${one.line.name}`);
  return [
    [
      `Seed by seed the smallest width that interpolates has the median ${enumerate(medians)}; in brackets the ${all[0].median.by}${censoredWords(all)}.`,
    ],
  ];
}

function section(all: readonly SeedBySeed[]): Section {
  const first = all.map(({ line }) => line.points[0]);
  const axes = all.length === 1 ? [] : varyingAxes(first).filter((axis) => axis !== "width");
  const column = (heading: string) => ({ heading, numeric: true });
  const table: Block = {
    kind: "table",
    caption: `The smallest of the widths that interpolates, seed by seed: its median over seeds${censoredWords(all)}, in brackets the ${all[0].median.by}; and the share of seeds of which some width interpolates, with Wilson's 95 % interval`,
    columns: [
      ...axes.map((axis) => column(axisName(axis, axes))),
      ...["median of the smallest width", "some width interpolates", "share"].map(column),
    ],
    rows: all.map((one) => [
      ...axes.map((axis): Text => [String(one.line.points[0].values[axis])]),
      [medianText(one)],
      [someWidth(one)],
      [percentInterval(one.share)],
    ]),
  };
  return { id: "smallest-width", heading: "Smallest interpolating width", blocks: [table] };
}
