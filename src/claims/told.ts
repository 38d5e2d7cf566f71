// A verdict in every form in which it is told: for summary.json, for the report, for a terminal.

import { threeDigits } from "../base/numbers.ts";
import type { Section, Text } from "../document/document.ts";
import type { Criterion } from "./claim.ts";
import type { Seen, Verdict } from "./verdict.ts";

/** As the field `claim` of summary.json, where JSON makes null of "never". */
export function verdictFields({ claim, verdict, criteria, published }: Verdict) {
  const { name, claim: sentence, source, quick } = claim;
  return {
    ...{ name, claim: sentence, source, quick, verdict },
    criteria: criteria.map(({ criterion, seen, decision }) => ({
      ...criterion,
      ...{ seen, decision },
    })),
    published: published.map(({ told: { says, number, where }, seen }) => ({
      ...{ says, number, where },
      seen,
    })),
  };
}

/** The report's section. */
export function verdictSection({ claim, verdict, criteria, published }: Verdict): Section {
  const column = (heading: string, numeric = false) => ({ heading, numeric });
  const paragraphs: [string, string | undefined][] = [
    ["Source:", claim.source],
    ["Objective:", claim.objective],
    ["Made smaller:", claim.smaller],
  ];
  return {
    id: "claim",
    heading: "The claim",
    blocks: [
      { kind: "facts", facts: [{ name: "the claim is", value: verdict, note: claim.claim }] },
      ...(claim.quick ? [QUICK] : []),
      {
        kind: "table",
        caption:
          "A criterion holds where the interval of what was seen lies wholly inside what it asks for, fails where it lies wholly outside, and is else undecided",
        columns: [
          column("criterion"),
          column("asked"),
          column("seen"),
          column("interval by"),
          column(""),
        ],
        rows: criteria.map(({ criterion, seen, decision, bound, astray }): Text[] => [
          [criterion.says],
          [askedText(criterion, bound)],
          [astray ?? seenText(seen)],
          [seen?.by ?? ""],
          decision === "undecided" ? [decision] : [{ strong: decision }],
        ]),
      },
      ...(published.length === 0
        ? []
        : [
            {
              kind: "table" as const,
              caption: "What is published beside what was seen",
              columns: [
                column("what"),
                column("published", true),
                column("seen"),
                column("where it stands"),
              ],
              rows: published.map(({ told: { says, number, where }, seen }): Text[] => [
                [says],
                [publishedText(number)],
                [seenText(seen)],
                [where],
              ]),
            },
          ]),
      ...paragraphs.flatMap(([name, told]) =>
        told === undefined
          ? []
          : [{ kind: "paragraph" as const, text: [{ strong: name }, ` ${told}`] }],
      ),
    ],
  };
}

const QUICK = {
  kind: "note",
  text: [
    "This is the claim's quick form, smaller than what its verdict was written for and what is told below of its size; the study at the end of this report is what was run.",
  ],
} as const;

/** For a terminal, the verdict at last. */
export function verdictLines({ claim, verdict, criteria, published }: Verdict): string[] {
  const by = (seen: Seen | null) => (seen === null || seen.by === "" ? "" : `, ${seen.by}`);
  return [
    claim.claim,
    "",
    ...published.map(
      ({ told: { says, number }, seen }) =>
        `published ${publishedText(number)}, seen ${seenText(seen)}: ${says}`,
    ),
    ...(published.length === 0 ? [] : [""]),
    ...criteria.map(
      ({ criterion, seen, decision, bound, astray }) =>
        `${decision}: ${criterion.says} (${askedText(criterion, bound)}; ${astray ?? `seen ${seenText(seen)}${by(seen)}`})`,
    ),
    "",
    `${claim.name}${claim.quick ? ", quick form" : ""}: ${verdict}`,
  ];
}

/** `other`: as it was seen what the value is held against, where that is no number of the claim's. */
function askedText({ value, within, above, below }: Criterion, other: Seen | null = null): string {
  const unit = IN_PASSES.test(value) ? " passes" : "";
  const told = (bound: number | string) =>
    typeof bound === "number"
      ? shown(bound) + unit
      : other === null
        ? "another number, which there is not"
        : `${seenText(other)}, as seen here`;
  if (within !== undefined) return `within ${shown(within[0])} … ${shown(within[1])}${unit}`;
  return above !== undefined ? `above ${told(above)}` : `below ${told(below ?? NaN)}`;
}

/** Paths of numbers of passes. */
const IN_PASSES = /^(median_)?passes_to_interpolation\b/;

function publishedText(number: number | "never"): string {
  return number === "never" ? number : shown(number);
}

/** "0.471 (0.452 … 0.49)" */
function seenText(seen: Seen | null): string {
  if (seen === null) return "no such number";
  const { value, interval, by } = seen;
  if (by === "" && value !== null) return shown(value);
  const between = interval === null ? "" : `${shown(interval[0])} … ${shown(interval[1])}`;
  if (value === null) return between;
  return between === "" ? shown(value) : `${shown(value)} (${between})`;
}

/** Integers as they are. */
function shown(value: number): string {
  if (value === Infinity) return "never";
  if (value === -Infinity) return "−∞";
  return Number.isInteger(value) && Math.abs(value) < 1e6
    ? String(value).replace("-", "−")
    : threeDigits(value);
}
