// Files of a report, and what is read from them.

import { expect } from "vitest";
import { HOMEWORK, PROVENANCE, found, homeworkResult } from "./results.ts";
import type { StudyResult } from "../../src/study/result.ts";
import { renderReport } from "../../src/report/files.node.ts";

export type Summary = Readonly<Record<string, unknown>> & {
  readonly final: Readonly<Record<string, unknown>>;
  readonly fingerprints: Readonly<Record<string, unknown>>;
  readonly passes_to_interpolation: Readonly<Record<string, unknown>>;
};

export function file(result: StudyResult, name: string, provenance = PROVENANCE): string {
  const content = renderReport(found(result), provenance).get(name);
  if (typeof content !== "string") throw new Error(`${name} is not a text`);
  return content;
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
