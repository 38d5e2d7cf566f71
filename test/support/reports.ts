// Files of a report, and what is read from them.

import { expect } from "vitest";
import { HOMEWORK, PROVENANCE, found, homeworkResult } from "./results.ts";
import type { StudyResult } from "../../src/study/result.ts";
import { renderHtml } from "../../src/document/html.ts";
import { renderMarkdown } from "../../src/document/markdown.ts";
import { buildReport } from "../../src/report/report.ts";
import { summarize, summaryJson } from "../../src/report/summary.ts";

export type Summary = Readonly<Record<string, unknown>> & {
  readonly final: Readonly<Record<string, unknown>>;
  readonly fingerprints: Readonly<Record<string, unknown>>;
  readonly passes_to_interpolation: Readonly<Record<string, unknown>>;
};

/** The files that are texts, without those of figures, which take longer (`renderReport` has the same: files.test.ts). */
export const TEXTS = ["report.html", "report.md", "summary.json"] as const;

export function file(
  result: StudyResult,
  name: (typeof TEXTS)[number],
  provenance = PROVENANCE,
): string {
  const answered = found(result);
  const summary = () => summaryJson(summarize(answered, provenance));
  if (name === "summary.json") return summary();
  const report = buildReport(answered, provenance);
  return name === "report.md" ? renderMarkdown(report) : renderHtml(report, summary());
}

/** What a reader of the page sees: without tags, drawings and entities. */
export function textOf(html: string): string {
  return html
    .replace(/<(svg|style|script)[\s\S]*?<\/\1>/g, " ")
    .replace(/<[^>]*>/g, "")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ");
}

export const withoutSearch: StudyResult = {
  ...homeworkResult(),
  study: { ...HOMEWORK, training: { ...HOMEWORK.training, learning_rate: 0.005 } },
  search: null,
};

/** The page's block of data, which no browser runs; nothing in it is markup. */
export const DATA = /<script type="application\/json" id="widthwise-summary">([^<>&]*)<\/script>/;

export function withoutData(html: string): string {
  expect(html).toMatch(DATA);
  return html.replace(DATA, "");
}
