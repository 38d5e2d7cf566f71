// A report as Markdown (GitHub's dialect), for reading in a terminal or beside the code.

import type { Block, Inline, Report, Text } from "./document.ts";

export function renderMarkdown(report: Report): string {
  const sections = report.sections.map(({ heading, blocks }) =>
    [`## ${plain(heading)}`, ...blocks.map(block)].join("\n\n"),
  );
  return [`# ${plain(report.question)}`, `widthwise · ${plain(report.title)}`, ...sections]
    .join("\n\n")
    .concat("\n");
}

function block(content: Block): string {
  switch (content.kind) {
    case "paragraph":
      return inlines(content.text);
    case "note":
      return `> ${inlines(content.text)}`;
    case "list":
      return content.items.map((item) => `- ${inlines(item)}`).join("\n");
    case "code":
      return fenced(content.code, content.language);
    case "facts":
      return [
        "| | | |\n| --- | ---: | --- |",
        ...content.facts.map(({ name, value, note }) =>
          row([plain(name), `**${plain(value)}**`, plain(note)]),
        ),
      ].join("\n");
    case "figure":
      return [
        `![${plain(content.figure.title)}](${content.figure.name}.svg)`,
        `**Figure ${content.number}. ${plain(content.figure.title)}.** ${plain(content.figure.caption)}`,
      ].join("\n\n");
    case "table":
      return [
        plain(content.caption) + ":",
        [
          row(content.columns.map(({ heading }) => plain(heading))),
          row(content.columns.map(({ numeric }) => (numeric ? "---:" : "---"))),
          ...content.rows.map((cells) => row(cells.map(inlines))),
        ].join("\n"),
      ].join("\n\n");
  }
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function inlines(text: Text): string {
  return text.map(inline).join("");
}

function inline(part: Inline): string {
  if (typeof part === "string") return plain(part);
  if ("code" in part) return codeSpan(part.code);
  if ("strong" in part) return `**${plain(part.strong)}**`;
  return codeSpan(part.short);
}

/** Text in which nothing is markup: what Markdown or HTML would read as such is escaped, line breaks go. */
function plain(content: string): string {
  return content
    .replace(/\s+/g, " ")
    .replace(/[\\`*_[\]|~#]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");
}

/** A code span fenced by more backticks than it holds; a pipe would end a table's cell. */
function codeSpan(content: string): string {
  const line = content.replace(/\s+/g, " ").replace(/\|/g, "\\|");
  const fence = "`".repeat(longestRun(line) + 1);
  const space = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}

function fenced(code: string, language: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(code) + 1));
  return `${fence}${language}\n${code}\n${fence}`;
}

/** The most backticks in a row. */
function longestRun(content: string): number {
  return Math.max(0, ...(content.match(/`+/g) ?? []).map((run) => run.length));
}
