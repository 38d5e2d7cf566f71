// The report's words and files, for a single run, several seeds, and hostile or broken input.

import { describe, expect, test } from "vitest";

import {
  ensembleOutcomes,
  homeworkOutcomes,
  outcome,
  pytorchRows,
} from "../../test/support/outcomes.ts";
import {
  HOMEWORK,
  PROVENANCE,
  fixedNetwork,
  found,
  homeworkResult,
  searchedWith,
  seedsResult,
} from "../../test/support/results.ts";
import { xmlFault } from "../../test/support/xml.ts";
import type { StudyResult } from "../study/result.ts";
import type { Study } from "../study/spec.ts";
import { parseStudy } from "../study/language/parse.ts";
import { CATALOGUE } from "../questions/catalogue.ts";
import { reportFileNames } from "../questions/asked.ts";
import { renderReport } from "./files.node.ts";
import { accuracyPercent, duration, enumerate, runs, threeDigits } from "../base/numbers.ts";
import { notebookSection } from "../homework/report-section.ts";
import { summarize } from "./summary.ts";
import { trajectoriesCsv } from "./trajectories.ts";

type Summary = Readonly<Record<string, unknown>> & {
  readonly final: Readonly<Record<string, unknown>>;
  readonly fingerprints: Readonly<Record<string, unknown>>;
  readonly passes_to_interpolation: Readonly<Record<string, unknown>>;
};

function file(result: StudyResult, name: string, provenance = PROVENANCE): string {
  const content = renderReport(found(result), provenance).get(name);
  if (typeof content !== "string") throw new Error(`${name} is not a text`);
  return content;
}

/** What a reader of the page sees: without tags, drawings and entities. */
function textOf(html: string): string {
  return html
    .replace(/<(svg|style|script)[\s\S]*?<\/\1>/g, " ")
    .replace(/<[^>]*>/g, "")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ");
}

const withoutSearch: StudyResult = {
  ...homeworkResult(),
  study: { ...HOMEWORK, training: { ...HOMEWORK.training, learning_rate: 0.005 } },
  search: null,
};

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

describe.each(["report.html", "report.md"])("%s of a single run", (name) => {
  const written = file(homeworkResult(), name);
  const text = name === "report.html" ? textOf(written) : written.replace(/[\\*]/g, "");

  test("answers in sentences", () => {
    expect(text).toContain("after 55 passes all 6,000 training examples are predicted right");
    expect(text).toContain("55 at width 32, 41 at width 128 and 37 at width 512");
    expect(text).toContain("Widths 8 and 16 do not interpolate within 100 passes.");
    expect(text).toContain("missed again by width 32 (passes 58–61)");
    expect(text).toMatch(/η\*? = 0.01, and 0.02 diverges/);
  });

  test("says that one seed and one rounding stand behind them", () => {
    expect(text).toContain(
      "One seed and one rounding stand behind “width 32 interpolates at pass 55”.",
    );
    expect(text).toContain("widthwise replay --ensemble 20");
  });

  test("shows the search with its margins, and the notebook beside ours", () => {
    for (const shown of ["not finite", "0.561", "0.487", "5.49", "0.157, 0.148", "53"]) {
      expect(text).toContain(shown);
    }
  });

  test("has all three figures", () => {
    for (const number of [1, 2, 3]) expect(text).toContain(`Figure ${number}. `);
  });

  test("tells where it comes from", () => {
    for (const shown of ["npx widthwise run homework", "20.20.2", "48.3 s", "5eed".repeat(16)]) {
      expect(text).toContain(shown);
    }
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

describe("the report of several seeds", () => {
  const text = textOf(file(seedsResult(), "report.html"));

  test("answers in counts", () => {
    expect(text).toContain(
      "in 9 of 10 seeds (Wilson's 95 % interval: 60 … 98 %), all 6,000 training examples are predicted right",
    );
    expect(text).toContain("The smallest that does so in every seed is 128.");
    expect(text).toMatch(
      /Width 32 interpolates in 9 of 10 seeds \(60 … 98 %\), after \d+ to \d+ passes; the median/,
    );
    expect(text).toContain("Width 8 interpolates in 0 of 10 seeds (0 … 28 %) within 100 passes.");
    expect(text).not.toContain("One seed and one rounding");
  });

  test("says that the search had one seed", () => {
    const searched = file(searchedWith(seedsResult(), { hidden: [32], seed: 4 }), "report.md");
    expect(searched).toContain("searched at width 32, with seed 4 alone");
    expect(searched).toContain("It was searched with seed 4 alone, and is used for all 10 seeds.");
    expect(searched).toContain("is the last that converged. It was searched with seed 4 alone.");
    expect(file(homeworkResult(), "report.md")).not.toContain("alone");
  });

  test("does not compare with the notebook", () => {
    expect(text).not.toMatch(/notebook|replay/);
  });
});

describe("the comparison with the notebook", () => {
  const compares = (
    study: Partial<StudyResult["study"]>,
    rest: Partial<StudyResult> = {},
  ): boolean =>
    notebookSection({ ...homeworkResult(), ...rest, study: { ...HOMEWORK, ...study } }) !== null;

  test("is made for its question and seeds only", () => {
    expect(compares({})).toBe(true);
    expect(compares({ streams: { kind: "notebook", numpy_seed: 2, torch_seed: 0 } })).toBe(false);
    expect(compares({ streams: { kind: "notebook", numpy_seed: 1, torch_seed: 3 } })).toBe(false);
    expect(compares({ streams: { kind: "named", study_seed: 1, seeds: [0] } })).toBe(false);
    expect(compares({ dataset: { name: "fashion-mnist", fraction: 0.2 } })).toBe(false);
    expect(compares({ model: { hidden: ["width", 8], init_std: 1e-6 } })).toBe(false);
    expect(compares({}, { learning_rate: 0.01 })).toBe(false);
    expect(compares({}, { outcomes: [outcome(64, pytorchRows(32))] })).toBe(false);
  });

  test("leaves out widths that the notebook has not, and says how far a shorter run went", () => {
    const short: StudyResult = {
      ...homeworkResult([
        outcome(8, pytorchRows(8).slice(0, 21)),
        outcome(64, pytorchRows(32).slice(0, 21)),
      ]),
      study: { ...HOMEWORK, training: { ...HOMEWORK.training, passes: 20 } },
    };
    const section =
      /notebook's printed results[\s\S]*?\n## /.exec(file(short, "report.md"))?.[0] ?? "";
    expect(section).toContain("| 8 | never | not within 20 |");
    expect(section).not.toContain("| 64 |");
  });
});

/** The page's block of data, which no browser runs; nothing in it is markup. */
const DATA = /<script type="application\/json" id="widthwise-summary">([^<>&]*)<\/script>/;

function withoutData(html: string): string {
  expect(html).toMatch(DATA);
  return html.replace(DATA, "");
}

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

describe("a study without a sweep", () => {
  test.each([
    ["at width 64", [64], "width", "64"],
    ["with hidden layers 64, 32", [64, 32], "hidden layers", "64, 32"],
    ["without a hidden layer", [], "hidden layers", "none"],
  ])("is told as what was trained and searched: %s", (at, hidden, heading, entry) => {
    const text = file(fixedNetwork(hidden, 55), "report.md");
    expect(text).toContain(`searched ${at} |`);
    expect(text).toContain(`The largest learning rate that converges ${at} is`);
    expect(text).toContain(`brings the training loss ${at} below 0.5 times`);
    expect(text).toContain(`| ${heading} | passes to interpolation |`);
    expect(text).toContain(`| ${entry} | 55 |`);
    expect(text).not.toMatch(/width (0|32)\b(?! interpolates between)/);
  });
});

describe("the specification in the report", () => {
  test.each([
    ["notebook", homeworkResult()],
    ["seeds", seedsResult(3)],
    ["no search", withoutSearch],
    ["no sweep", fixedNetwork([64], 55)],
    ["two layers", fixedNetwork([64, 32], 55, 56)],
    ["no hidden layer", fixedNetwork([], null)],
  ])("is a study that can be run: %s", (_, result) => {
    const yaml = /```yaml\n([\s\S]*?)\n```/.exec(file(result, "report.md"))?.[1] ?? "";
    expect(parseStudy(yaml, "report.md", CATALOGUE)).toEqual(result.study);
  });
});

describe("summary.json", () => {
  test("of a single run has one value by width", () => {
    const summary = JSON.parse(file(homeworkResult(), "summary.json")) as Summary;
    expect(summary).toMatchObject({
      study: "homework",
      eta_star: 0.01,
      learning_rate: 0.005,
      smallest_interpolating_width: 32,
      passes_to_interpolation: { 8: null, 16: null, 32: 55, 128: 41, 512: 37 },
      seeds: null,
      seconds: PROVENANCE.seconds,
      versions: PROVENANCE.versions,
      fingerprint: "5eed".repeat(16),
    });
    expect(summary.final["8"]).toEqual({
      pass: 100,
      train_loss: 0.1136761,
      train_accuracy: 5723 / 6000,
      test_loss: 1.9221467,
      test_accuracy: 0.7879,
      diverged: null,
    });
    expect(summary.fingerprints["512"]).toMatch(/^[0-9a-f]{64}$/);
  });

  test("of several seeds has arrays in their order", () => {
    const summary = summarize(found(seedsResult(10)), PROVENANCE) as Summary;
    expect(summary.seeds).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const passes = summary.passes_to_interpolation["32"] as (number | null)[];
    expect(passes).toHaveLength(10);
    expect(passes[3]).toBeNull();
    expect(passes.filter((value) => value === null)).toHaveLength(1);
    expect(summary.final["8"]).toHaveLength(10);
  });

  test("of several seeds has shares and medians with their intervals, and no such field of one", () => {
    const outcomes = ensembleOutcomes([8, 32], 10);
    const diverged = outcomes.map((one, place) =>
      place === 19
        ? {
            ...one,
            record: { ...one.record, ending: { kind: "diverged", pass: 101, step: 1 } } as const,
          }
        : one,
    );
    const summary = JSON.parse(file(seedsResult(10, diverged), "summary.json")) as object;
    const by = "95 % interval between order statistics of 10 seeds";
    expect(summary).toMatchObject({
      interpolating_share: {
        8: {
          value: 0,
          interval: [0, expect.closeTo(0.2775, 3)],
          by: "Wilson's 95 % interval of 10 seeds",
        },
        32: { value: 0.9 },
      },
      median_passes_to_interpolation: {
        8: { value: null, interval: [null, null], by },
        32: { value: 44.5, interval: [38, 49], by },
      },
      final_median: {
        32: { train_loss: { interval: [expect.any(Number), expect.any(Number)], by } },
      },
    });
    const one = JSON.parse(file(homeworkResult(), "summary.json")) as object;
    for (const field of ["interpolating_share", "median_passes_to_interpolation", "final_median"])
      expect(one).not.toHaveProperty(field);
  });

  test("has null for what is not finite, and where a trial diverged", () => {
    const diverged = outcome(32, [[NaN, 0.1, Infinity, 0.1]], {
      ending: { kind: "diverged", pass: 1, step: 812 },
    });
    const narrow = outcome(8, [[2.3, 0.1, 2.3, 0.1]]);
    const result = { ...homeworkResult([narrow, diverged]), search: null };
    const summary = JSON.parse(file(result, "summary.json")) as Summary;
    expect(summary.eta_star).toBeNull();
    expect(summary.smallest_interpolating_width).toBeNull();
    expect(summary.final["32"]).toEqual({
      pass: 0,
      train_loss: null,
      train_accuracy: 0.1,
      test_loss: null,
      test_accuracy: 0.1,
      diverged: { pass: 1, step: 812 },
    });
    const html = textOf(file(result, "report.html"));
    expect(html).toContain(
      "Width 32 diverged: its objective was no longer finite at step 812 of pass 1.",
    );
    expect(html).toContain("No width interpolates within 100 passes.");
    expect(html).toContain("stand behind “no width interpolates”");
  });
});

test("of many trials the page lists the first, and names the table of all of them", () => {
  const hashes = (seeds: number) => {
    const page = file(seedsResult(seeds, ensembleOutcomes([8], seeds, 2)), "report.md");
    return { page, rows: page.split("\n").filter((line) => /^\| +8 \| +\d+ \|/.test(line)).length };
  };
  expect(hashes(200)).toMatchObject({ rows: 200 });
  expect(hashes(200).page).not.toContain("trajectories.csv");
  expect(hashes(201)).toMatchObject({ rows: 200 });
  expect(hashes(201).page).toContain("the first 200 of 201 trials; `trajectories.csv` has all");
});

describe("trajectories.csv", () => {
  test("has one row per width, seed and pass, ending in CRLF", () => {
    const lines = [...trajectoriesCsv(ensembleOutcomes([8, 32], 2, 5))].join("").split("\r\n");
    expect(lines).toHaveLength(1 + 2 * 2 * 6 + 1);
    expect(lines.at(0)).toBe(
      "width,seed,pass,train_loss,train_accuracy,test_loss,test_accuracy,train_correct,test_correct,fingerprint",
    );
    expect(lines.at(-1)).toBe("");
    expect(lines.at(7)).toMatch(/^8,1,0,2.3025854,/);
  });

  test("leaves the seed empty under the notebook's streams, and writes every digit", () => {
    const csv = [...trajectoriesCsv(homeworkOutcomes().slice(0, 1))].join("");
    expect(csv.split("\r\n").at(2)).toMatch(
      /^8,,1,0\.6158198,0\.7705,0\.6768739,0\.7585,4623,7585,[0-9a-f]{64}$/,
    );
  });

  test("writes what is not finite as such", () => {
    const csv = [...trajectoriesCsv([outcome(8, [[NaN, 0.1, Infinity, 0.1]], { seed: 3 })])].join(
      "",
    );
    expect(csv.split("\r\n").at(1)).toMatch(/^8,3,0,NaN,0\.1,Infinity,0\.1,600,1000,/);
  });
});

describe("what was measured", () => {
  const columns = new Map([
    [
      "margin",
      new Map([
        [0, 9],
        [2, -0.5],
      ]),
    ],
    ["dead_units_1", new Map([[2, NaN]])],
    ["distance_1", new Map<number, number>()],
  ]);
  const outcomes = ensembleOutcomes([8], 2, 2).map((one) => ({ ...one, measured: columns }));
  const result = seedsResult(2, outcomes);

  test("has columns of its own in trajectories.csv", () => {
    const lines = [...trajectoriesCsv(outcomes)].join("").split("\r\n");
    expect(lines[0]).toMatch(/,fingerprint,margin,dead_units_1,distance_1$/);
    expect(lines[1]).toMatch(/,9,,$/);
    expect(lines[3]).toMatch(/,-0.5,NaN,$/);
  });

  test("has a table of its own, and its last values in the summary", () => {
    const page = file(result, "report.md");
    expect(page).toContain("Measured at the last evaluation");
    expect(page).toMatch(/\| width +\| seed +\| margin +\| dead units 1 +\| distance 1 +\|/);
    expect(page).toMatch(/\| +8 \| +1 \| +−0.500 \| +NaN \| +\|/);
    expect(JSON.parse(file(result, "summary.json"))).toMatchObject({
      measurements: {
        margin: { 8: [-0.5, -0.5] },
        dead_units_1: { 8: [null, null] },
        distance_1: { 8: [null, null] },
      },
    });
  });

  test("is told nothing of where nothing is measured", () => {
    const plain = seedsResult(2, ensembleOutcomes([8], 2, 2));
    expect(file(plain, "report.md")).not.toContain("Measured");
    expect(JSON.parse(file(plain, "summary.json"))).not.toHaveProperty("measurements");
  });
});

describe("numbers", () => {
  test("keep three digits over all sizes", () => {
    const written = [2.3025854, 0.0012345, 0.00012345, 0.99999, 12345, 0, NaN, -Infinity, 150].map(
      threeDigits,
    );
    expect(written).toEqual([
      "2.30",
      "0.00123",
      "1.23 × 10⁻⁴",
      "1.00",
      "1.23 × 10⁴",
      "0",
      "NaN",
      "−∞",
      "150",
    ]);
    expect([6320.4, 999.7, 999.4].map(threeDigits)).toEqual(["6320", "1000", "999"]);
  });

  test("say 100% only if nothing is missed, and 0.00% only if everything is", () => {
    const score = { objective: 0, examples: 60000 };
    expect(accuracyPercent({ ...score, correct: 60000 })).toBe("100%");
    expect(accuracyPercent({ ...score, correct: 59999 })).toBe("99.99%");
    expect(accuracyPercent({ ...score, correct: 46890 })).toBe("78.15%");
    expect(accuracyPercent({ ...score, correct: 1 })).toBe("0.01%");
    expect(accuracyPercent({ ...score, correct: 0 })).toBe("0.00%");
  });

  test("read as a person would say them", () => {
    expect(enumerate([8, 16, 32])).toBe("8, 16 and 32");
    expect(runs([38, 40, 41, 42, 50])).toBe("38, 40–42, 50");
    expect(duration(0.345)).toBe("0.34 s");
    expect(duration(119.7)).toBe("2 min 0 s");
  });
});

test("the report warns of pixels that are constant in a subset alone, where there are any", () => {
  const result = homeworkResult();
  const { train_examples } = result.outcomes[0].record.specification.data;
  const warning = (found: object) =>
    /[^> ]+ [^ ]+ [^ ]+ constant in the [^:]*/.exec(
      file(result, "report.md", {
        ...PROVENANCE,
        dataset: { ...PROVENANCE.dataset, ...found },
      }),
    )?.[0];
  const where = (examples: string) =>
    `constant in the ${train_examples} training ${examples} and not in the test ${examples}`;
  expect(warning({})).toBeUndefined();
  expect(warning({ misleading_pixels: 7 })).toBe(`7 pixels are ${where("images")}`);
  expect(warning({ misleading_inputs: 1 })).toBe(`1 input is ${where("examples")}`);
});

test.each<[string | null, Study["dataset"]["label_noise"]]>([
  [null, undefined],
  ["a share of 0.2 of them was replaced by another class", { share: 0.2 }],
  [
    "each was drawn anew over all classes with probability 0.5",
    { probability: 0.5, kind: "redrawn" },
  ],
])("the report says which labels training was measured against: %s", (change, label_noise) => {
  const result = homeworkResult();
  const dataset = { ...result.study.dataset, ...(label_noise && { label_noise }) };
  const report = file({ ...result, study: { ...result.study, dataset } }, "report.md");
  const said = `Training losses and accuracies are against noisy labels: ${change}; test labels are the data set's own.`;
  expect(report.includes("noisy labels")).toBe(change !== null);
  if (change !== null) expect(report).toContain(said);
});

test("losses are told in the objective's unit", () => {
  const searched = seedsResult(2, [...homeworkOutcomes()]);
  expect(file(homeworkResult(), "report.md")).toMatch(/in nats/);
  const squared = <Value extends { training: object }>(value: Value): Value => ({
    ...value,
    training: { ...value.training, objective: "squared error" },
  });
  const outcomes = searched.outcomes.map(({ point, record }) => ({
    point,
    record: { ...record, specification: squared(record.specification) },
  }));
  const page = textOf(
    file({ ...homeworkResult(outcomes), study: squared(HOMEWORK) }, "report.html"),
  );
  expect(page).toContain("mean objective, in squared errors");
  expect(page).toContain("losses in squared errors");
  expect(page).toContain("training objectives in squared errors");
  expect(page).not.toMatch(/nats/);
});
