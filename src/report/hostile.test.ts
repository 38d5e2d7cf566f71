// What others wrote stays text, and is never markup.

import { describe, expect, test } from "vitest";
import { HOMEWORK, PROVENANCE, homeworkResult } from "../../test/support/results.ts";
import { file, textOf, withoutData, DATA, type Summary } from "../../test/support/reports.ts";
import type { StudyResult } from "../study/result.ts";

describe("hostile text", () => {
  const name = `<script>alert("1")</script> | \`x\` *b* [l](http://e) & 'q'\nnext`;
  const hostile: StudyResult = {
    ...homeworkResult(),
    study: { ...HOMEWORK, name, question: `${name}?` },
  };
  const provenance = {
    ...PROVENANCE,
    command: "npx widthwise run '</code></pre><script>alert(2)</script>'\n```\n# x",
    versions: { "<b>": "<img src=x onerror=alert(3)>" },
    dataset: { ...PROVENANCE.dataset, origin: "a`b</code><script>|" },
  };

  test("is text in HTML", () => {
    const html = withoutData(file(hostile, "report.html", provenance));
    expect(html).not.toMatch(/<script|<img|<b>/);
    expect(textOf(html)).toContain(
      `<script>alert("1")</script> | \`x\` *b* [l](http://e) & 'q' next?`,
    );
    expect(html).not.toMatch(/"><script/);
  });

  test("is text in Markdown", () => {
    const markdown = file(hostile, "report.md", provenance);
    const outsideCode = markdown
      .replace(/^(`{3,})[^\n]*\n[\s\S]*?\n\1$/gm, "")
      .replace(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, "");
    expect(outsideCode).not.toMatch(/<script|<img|<b>/);
    expect(outsideCode).not.toMatch(/^# x$/m);
    expect(markdown).toContain(
      "# &lt;script&gt;alert(\"1\")&lt;/script&gt; \\| \\`x\\` \\*b\\* \\[l\\](http://e) &amp; 'q' next?",
    );
    const columns = markdown
      .split("\n")
      .filter((line) => line.startsWith("| data"))
      .map((line) => line.replaceAll("\\|", "").split("|").length);
    expect(columns).toEqual([4]);
  });

  test("is data in the page's block", () => {
    const html = file(hostile, "report.html", provenance);
    const [, block = ""] = DATA.exec(html) ?? [];
    expect(JSON.parse(block)).toEqual(JSON.parse(file(hostile, "summary.json", provenance)));
    expect(html.match(/<script/g)).toHaveLength(1);
  });

  test("is data in JSON", () => {
    expect((JSON.parse(file(hostile, "summary.json")) as Summary).study).toBe(name);
  });
});
