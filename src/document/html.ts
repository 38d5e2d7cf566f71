// A report as one HTML file that needs no other: styles and drawings inside, no scripts; its
// numbers for programs, too.

import { escape } from "../figures/svg.ts";
import type { Block, Inline, Report, Section, Text } from "./document.ts";
import { STYLE } from "./style.ts";

/** What opens the block of `data`. */
export const DATA_BLOCK = '<script type="application/json" id="widthwise-summary">';

/** `data` is JSON for programs, which a browser neither shows nor runs. */
export function renderHtml(report: Report, data: string): string {
  const contents = report.sections
    .map(({ id, heading }) => `<li><a href="#${escape(id)}">${escape(heading)}</a></li>`)
    .join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="widthwise">
<title>${escape(report.title)} · widthwise</title>
<style>
${STYLE}</style>
</head>
<body>
<header>
<p class="study">widthwise · ${escape(report.title)}</p>
<h1>${escape(report.question)}</h1>
<nav aria-label="Contents"><ul>
${contents}
</ul></nav>
</header>
<main>
${report.sections.map(section).join("\n")}
</main>
${DATA_BLOCK}
${data.trimEnd().replace(/[<>&]/g, unicodeEscape)}
</script>
</body>
</html>
`;
}

/** As JSON has it: so nothing in a string is markup. */
function unicodeEscape(character: string): string {
  return `\\u00${character.charCodeAt(0).toString(16)}`;
}

function section({ id, heading, blocks }: Section): string {
  return `<section id="${escape(id)}" aria-labelledby="${escape(id)}-heading">
<h2 id="${escape(id)}-heading">${escape(heading)}</h2>
${blocks.map(block).join("\n")}
</section>`;
}

function block(content: Block): string {
  switch (content.kind) {
    case "paragraph":
      return `<p>${inlines(content.text)}</p>`;
    case "note":
      return `<p class="note">${inlines(content.text)}</p>`;
    case "list":
      return `<ul>\n${content.items.map((item) => `<li>${inlines(item)}</li>`).join("\n")}\n</ul>`;
    case "code":
      return `<pre tabindex="0"><code>${escape(content.code)}</code></pre>`;
    case "facts":
      return `<dl class="facts">\n${content.facts
        .map(
          ({ name, value, note }) =>
            `<div><dt>${escape(name)}</dt><dd><strong>${escape(value)}</strong> <span>${escape(note)}</span></dd></div>`,
        )
        .join("\n")}\n</dl>`;
    case "figure":
      return `<figure>
<div class="drawing wide">${content.figure.svg.trimEnd()}</div>
<div class="drawing narrow">${content.narrow.svg.trimEnd()}</div>
<figcaption><strong>Figure ${content.number}. ${escape(content.figure.title)}.</strong> ${escape(content.figure.caption)}</figcaption>
</figure>`;
    case "table":
      return table(content);
  }
}

function table({ caption, columns, rows }: Extract<Block, { kind: "table" }>): string {
  const side = (index: number): string => (columns[index]?.numeric ? ' class="number"' : "");
  const head = columns.some(({ heading }) => heading !== "")
    ? `<thead><tr>${columns
        .map(({ heading }, index) =>
          heading === "" ? "<td></td>" : `<th scope="col"${side(index)}>${escape(heading)}</th>`,
        )
        .join("")}</tr></thead>\n`
    : "";
  const body = rows.map((row) => {
    const cells = row.map((cell, index) =>
      index === 0
        ? `<th scope="row"${side(index)}>${inlines(cell)}</th>`
        : `<td${side(index)}>${inlines(cell)}</td>`,
    );
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escape(caption)}">
<table>
<caption><span>${escape(caption)}</span></caption>
${head}<tbody>
${body.join("\n")}
</tbody>
</table>
</div>`;
}

function inlines(text: Text): string {
  return text.map(inline).join("");
}

function inline(part: Inline): string {
  if (typeof part === "string") return escape(part);
  if ("code" in part) return `<code>${escape(part.code)}</code>`;
  if ("strong" in part) return `<strong>${escape(part.strong)}</strong>`;
  return `<code title="${escape(part.full)}">${escape(part.short)}</code>`;
}
