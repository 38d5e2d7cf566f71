// The files of a finished study, as names and contents. Writing them to a folder is the caller's.

import { png } from "../figures/png.node.ts";
import type { Answered } from "../questions/asked.ts";
import { renderHtml } from "../document/html.ts";
import { renderMarkdown } from "../document/markdown.ts";
import type { Provenance } from "./provenance.ts";
import { buildReport } from "./report.ts";
import { summarize, summaryJson } from "./summary.ts";
import { trajectoriesCsv } from "./trajectories.ts";

/** Whole, or in pieces that are made as they are asked for, once. */
export type FileContent = string | Uint8Array | Iterable<string>;

/**
 * report.html, report.md, summary.json, trajectories.csv, and each figure of the questions' as .svg and .png.
 * `size`: of the figures' own files; report.html is the same for both.
 */
export function renderReport(
  answered: Answered,
  provenance: Provenance,
  size: "paper" | "slide" = "paper",
): Map<string, FileContent> {
  const report = buildReport(answered, provenance);
  const figures = answered.ordered.flatMap(({ draw }) => draw?.(size) ?? []);
  const summary = summaryJson(summarize(answered, provenance));
  return new Map<string, FileContent>([
    ["report.html", renderHtml(report, summary)],
    ["report.md", renderMarkdown(report)],
    ["summary.json", summary],
    ["trajectories.csv", trajectoriesCsv(answered.result.outcomes)],
    ...figures.flatMap((figure): [string, string | Uint8Array][] => [
      [`${figure.name}.svg`, figure.svg],
      [`${figure.name}.png`, png(figure)],
    ]),
  ]);
}
