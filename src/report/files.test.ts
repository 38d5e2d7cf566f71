// The report's files: which there are, and a page that is well-formed, whole in itself and fit for a narrow screen.

import { describe, expect, test } from "vitest";
import { PROVENANCE, found, homeworkResult, seedsResult } from "../../test/support/results.ts";
import { xmlFault } from "../../test/support/xml.ts";
import { file, TEXTS, textOf, withoutSearch, withoutData } from "../../test/support/reports.ts";
import { CATALOGUE } from "../questions/catalogue.ts";
import { reportFileNames } from "../questions/asked.ts";
import { renderReport } from "./files.node.ts";

describe("files", () => {
  test("are the report, the figures twice, and the data", () => {
    const names = [...renderReport(found(homeworkResult()), PROVENANCE).keys()].sort();
    expect(names).toEqual([
      "curves.png",
      "curves.svg",
      "interpolation.png",
      "interpolation.svg",
      "learning-rate.png",
      "learning-rate.svg",
      "report.html",
      "report.md",
      "summary.json",
      "trajectories.csv",
    ]);
  });

  test.each(TEXTS)("have %s as the other tests read it", (name) => {
    for (const result of [homeworkResult(), seedsResult(2), withoutSearch])
      expect(renderReport(found(result), PROVENANCE).get(name)).toBe(file(result, name));
  });

  test("have slides of the figures and of each panel of the curves where they are asked for", () => {
    const paper = renderReport(found(homeworkResult()), PROVENANCE);
    const slides = renderReport(found(homeworkResult()), PROVENANCE, "slide");
    const panels = ["train-loss", "test-loss", "train-accuracy", "test-accuracy"];
    expect([...slides.keys()].sort()).toEqual(
      [
        ...paper.keys(),
        ...panels.flatMap((panel) => [`curves-${panel}.png`, `curves-${panel}.svg`]),
      ].sort(),
    );
    for (const [name, content] of slides) {
      if (name.endsWith(".svg")) expect(content).toContain('viewBox="0 0 608 342" width="960"');
      else if (!name.endsWith(".png")) expect(content, name).toEqual(paper.get(name));
    }
    const png = Buffer.from(slides.get("curves-test-loss.png") as Uint8Array);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1920, 1080]);
  });

  test("have no learning-rate figure where no search was made", () => {
    const files = renderReport(found(withoutSearch), PROVENANCE);
    expect([...files.keys()].filter((name) => name.startsWith("learning-rate"))).toEqual([]);
    const html = textOf(file(withoutSearch, "report.html"));
    expect(html).toContain("The study gives its learning rate: 0.005.");
    expect(html).not.toContain("The learning-rate search");
  });

  test.each([
    ["a search", homeworkResult()],
    ["no search", withoutSearch],
  ])("have names that are known before the study is run: %s", (_, result) => {
    for (const size of ["paper", "slide"] as const) {
      expect(reportFileNames(result.study, CATALOGUE, size).sort()).toEqual(
        [...renderReport(found(result), PROVENANCE, size).keys()].sort(),
      );
    }
  });

  test("are the same each time", () => {
    expect(renderReport(found(seedsResult(2)), PROVENANCE)).toEqual(
      renderReport(found(seedsResult(2)), PROVENANCE),
    );
  });
});

describe("report.html on a narrow screen", () => {
  const html = file(seedsResult(2), "report.html");
  const widthsOf = (kind: string): number[] =>
    [
      ...html.matchAll(new RegExp(`<div class="drawing ${kind}"><svg[^>]* width="(\\d+)"`, "g")),
    ].map(([, width]) => Number(width));

  test("has each figure a second time, no wider than a phone, and no id twice", () => {
    expect(widthsOf("wide")).toEqual([760, 620, 620]);
    expect(widthsOf("narrow")).toEqual([340, 340, 340]);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.length).toBeGreaterThan(20);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of html.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(id);
  });

  test("shows one of the two by its style, without a script that runs", () => {
    const screen = /@media screen and \(max-width: 44rem\) \{[\s\S]*?\n\}/.exec(html)?.[0] ?? "";
    const elsewhere = html.replace(screen, "");
    expect(screen).toMatch(/\.wide \{ display: none;/);
    expect(screen).toMatch(/\.narrow \{ display: block;/);
    expect(elsewhere).toMatch(/\.narrow \{ display: none; \}/);
    expect(elsewhere).not.toMatch(/\.wide \{/);
    expect(html.replaceAll('<script type="application/json"', "")).not.toContain("<script");
  });
});

describe("HTML", () => {
  test.each([
    ["single run", homeworkResult()],
    ["seeds", seedsResult(3)],
    ["no search", withoutSearch],
  ])("is well-formed and needs no other file: %s", (_, result) => {
    const html = file(result, "report.html");
    const body = /<body>[\s\S]*<\/body>/.exec(html)?.[0] ?? "";
    expect(xmlFault(body)).toBeNull();
    expect(withoutData(html)).not.toMatch(/<script|<link|<img|@import|src=|url\((?!#)/);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of html.matchAll(/(?:href="#|url\(#|labelledby=")([\w-]+)/g)) {
      expect(ids).toContain(target);
    }
  });
});

describe("links", () => {
  const files = renderReport(found(homeworkResult()), PROVENANCE);

  test("of the page lead into the page, so that it can be sent alone", () => {
    const targets = [...file(homeworkResult(), "report.html").matchAll(/href="([^"]*)"/g)];
    expect(targets.length).toBeGreaterThan(3);
    for (const [, target] of targets) expect(target).toMatch(/^#[\w-]+$/);
  });

  test("of the Markdown lead to the report's own files", () => {
    const text = file(homeworkResult(), "report.md").replace(/\\\[/g, "");
    const targets = [...text.matchAll(/\]\(<?([^)>]*)/g)].map(([, target]) => target);
    expect(targets).toEqual(["curves.svg", "interpolation.svg", "learning-rate.svg"]);
    for (const target of targets) expect([...files.keys()]).toContain(target);
    expect(text).not.toContain("README");
  });
});
