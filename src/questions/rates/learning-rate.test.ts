// The largest stable learning rate in words, numbers and a figure, over made-up trainings.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { answeredRates, BY_WIDTH } from "../../../test/support/rates.ts";
import { DATASET_SIZES } from "../../../test/support/studies.ts";
import { PROVENANCE } from "../../../test/support/results.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { buildReport } from "../../report/report.ts";
import { summarize } from "../../report/summary.ts";
import {
  answerOf,
  claimedTrials,
  contradictions,
  parseClaims,
} from "../../study/checks/verify-report.ts";
import { parseStudy } from "../../study/language/parse.ts";
import type { StudyResult } from "../../study/result.ts";
import { answered, reportFileNames } from "../asked.ts";
import { CATALOGUE } from "../catalogue.ts";

const STUDY = `
dataset: { name: fashion-mnist, examples: 100 }
model: { hidden: [width], init_std: 0.1 }
training: { passes: 3 }
sweep: { width: [4, 16, 64] }
streams: { seeds: 0..5 }
`;

const ask = (settings: string) => `ask: [{ name: learning-rate, ${settings} }]`;

function answerTo(result: StudyResult) {
  const answer = answered(result, CATALOGUE).answers.get("learning-rate");
  if (answer === undefined) throw new Error("it was asked");
  return answer;
}

const plain = (result: StudyResult) =>
  (answerTo(result).sentences ?? []).map((text) =>
    text
      .map((part) => (typeof part === "string" ? part : "strong" in part ? part.strong : ""))
      .join(""),
  );

test("tells the power law through the medians, with what its interval is", async () => {
  const { result } = await answeredRates(`${STUDY}${ask("by: rule")}`);
  expect(plain(result)).toEqual([
    "The largest stable learning rate goes as width to the power −0.50 (−0.50 … −0.50: 95 % by Student's t, of the line through 3 medians), from 0.500 at width 4 to 0.125 at width 64; each is the median of 6 seeds (with the 95 % interval of a median, between two order statistics).",
  ]);
  const { facts, lines, summary } = answerTo(result);
  expect(facts?.[0].value).toBe("∝ width^−0.50 (−0.50 … −0.50)");
  expect(lines).toEqual([
    "largest stable learning rate ∝ width^−0.50 (−0.50 … −0.50): 0.500 at 4, 0.250 at 16, 0.125 at 64",
  ]);
  const told = summary?.stable_learning_rate as {
    exponent: { value: number; interval: number[]; by: string };
    points: {
      values: object;
      value: number;
      interval: number[];
      unstable: number;
      seeds: object[];
    }[];
  };
  expect(told.exponent.value).toBeCloseTo(-0.5, 5);
  expect(told.exponent.interval[0]).toBeLessThanOrEqual(told.exponent.value);
  // Of seeds 2 and 5 the next rate is stable, too.
  expect(told.points[1]).toMatchObject({
    ...{
      values: { width: 16 },
      rule: "rule",
      by: expect.stringContaining("of 6 seeds") as string,
    },
    interval: [0.25, 0.272627],
    seeds: [0, 1, 2, 3, 4, 5].map((seed) => ({ seed })),
  });
  expect(told.points[1].value).toBe(0.25);
  expect(told.points[1].unstable).toBeGreaterThan(told.points[1].value);
});

test("each rule and each combination of other axes is a line of its own, along any axis", async () => {
  const swept = STUDY.replace("sweep: {", "sweep: { model.init_std: [0.1, 0.2],").replace("init_std: 0.1 }", "}"); // prettier-ignore
  const both = answerTo((await answeredRates(`${swept}${ask("by: both")}`)).result);
  const names = (answer: typeof both) =>
    (answer.summary?.stable_learning_rate as { lines: { name: string }[] }).lines.map(
      ({ name }) => name,
    );
  expect(names(both)).toEqual([
    "init std 0.1, one pass lowers the loss",
    "init std 0.2, one pass lowers the loss",
    "init std 0.1, finite",
    "init std 0.2, finite",
  ]);
  const along = answerTo((await answeredRates(`${swept}${ask("against: model.init_std")}`)).result);
  expect(names(along)).toEqual(["width 4", "width 16", "width 64"]);
  expect(along.lines?.[0]).toContain("∝ init std^0.00");
  const [figure] = both.draw?.("paper") ?? [];
  expect(figure?.caption).toContain("init std 0.1, finite: exponent −0.50");
});

test("layers are an axis, whose widths turn with them", async () => {
  const deep = STUDY.replace("hidden: [width], ", "").replace("width: [4, 16, 64]", "model.hidden: [[4], [64, 64], [16]]"); // prettier-ignore
  const along = answerTo((await answeredRates(`${deep}${ask("by: rule")}`)).result);
  expect(along.lines).toEqual([
    "largest stable learning rate: 0.500 at [4], 0.125 at [64, 64], 0.250 at [16]",
  ]);
  const both = STUDY.replace("hidden: [width], ", "").replace("sweep: {", "sweep: { model.hidden: [[width], [width, width]],"); // prettier-ignore
  const lines = answerTo((await answeredRates(`${both}${ask("by: rule")}`)).result).lines ?? [];
  expect(lines.map((line) => line.split(":")[0])).toEqual([
    "largest stable learning rate (hidden [width]) ∝ width^−0.50 (−0.50 … −0.50)",
    "largest stable learning rate (hidden [width, width]) ∝ width^−0.50 (−0.50 … −0.50)",
  ]);
});

test("an axis that has zero has no power law, and no words of one", async () => {
  const decays = STUDY.replace("sweep: { width: [4, 16, 64] }", "sweep: { training.regularization: [0, 0.1, 0.2] }").replace("[width]", "[4]"); // prettier-ignore
  const answer = answerTo((await answeredRates(`${decays}${ask("by: rule")}`)).result);
  const [figure] = answer.draw?.("paper") ?? [];
  expect(JSON.stringify(answer.sentences) + (figure?.caption ?? "")).not.toMatch(/power|left out/);
  expect(answer.facts?.[0].value).toBe("0.500");
});

test("axes that turn together are one", async () => {
  const zipped = STUDY.replace("sweep: { width: [4, 16, 64] }", "sweep: { width: [4, 16, 64], model.init_std: [0.1, 0.2, 0.3], zip: [[width, model.init_std]] }").replace("init_std: 0.1 }", "}"); // prettier-ignore
  const { result } = await answeredRates(`${zipped}${ask("by: rule")}`);
  expect(answerTo(result).lines).toHaveLength(1);
});

test("points without a rate are told, left out of the line, and make no crash", async () => {
  const { result } = await answeredRates(`${STUDY}${ask("by: not finite")}`, (planned) =>
    planned.point.values.width === 4 ? { lowers: false, finite: false } : BY_WIDTH(planned),
  );
  const [sentence] = plain(result);
  expect(sentence).toContain("−0.50 (of two medians), from none at width 4 to 0.500");
  expect(sentence).toContain("1 point without such a rate is left out of the line.");
  const [figure] = answerTo(result).draw?.("phone") ?? [];
  expect(figure?.caption).toContain(
    "1 point without such a rate within 1.49 × 10⁻⁸ to 8192 has no mark.",
  );
  const told = answerTo(result).summary?.stable_learning_rate as {
    exponent: object;
    points: object[];
  };
  expect(told.exponent).toMatchObject({ interval: null, by: "of two medians" });
  expect(told.points[0]).toMatchObject({ value: 0, interval: [0, 0], unstable: 2 ** -26 });

  const all = await answeredRates(`${STUDY}${ask("by: rule")}`, () => ({
    lowers: true,
    finite: true,
  }));
  expect(plain(all.result)[0]).toContain("is above 8192 at width 4, above 8192 at width 16 and");
  expect(answerTo(all.result).summary?.stable_learning_rate).toMatchObject({ exponent: null });
  expect(() => answerTo(all.result).draw?.("paper")).not.toThrow();
});

test("beside a sharpness measured before training stands its product with the rate, seed by seed", async () => {
  const asked = `${STUDY.replace("passes: 3", "passes: 3, learning_rate: 0.01")}measure: [{ sharpness: { examples: 50 } }]
ask: [learning-rate, sharpness]`;
  const { result } = await answeredRates(asked);
  const measured = (at: (width: number, seed: number) => number): StudyResult => ({
    ...result,
    outcomes: result.outcomes.map((outcome) => {
      const { values, seed } = outcome.point;
      const initial = at(Number(values.width), Number(seed));
      const sharpness = new Map([
        [0, initial],
        [1, 1000],
      ]);
      return { ...outcome, measured: new Map([["sharpness_50", sharpness]]) };
    }),
  });
  const told = (one: StudyResult) =>
    (answerTo(one).summary?.stable_learning_rate as { points: object[] }).points;
  const found = measured((width, seed) => width * (seed === 2 ? 10 : 1));
  // Rates are 0.5, 0.25 and 0.125, a step of the search more for seeds 2 and 5.
  expect(told(found)[1]).toMatchObject({
    times_sharpness: { value: 4, interval: [4, expect.closeTo(43.62, 2)] },
  });
  expect(told(found)[2]).toMatchObject({ times_sharpness: { value: 8 } });
  expect(JSON.stringify(answerTo(found).section)).toContain("stable × initial sharpness");
  expect(JSON.stringify(answerTo(found).section)).toContain("4.00 (4.00 … 43.6)");

  for (const none of [result, measured((_, seed) => (seed === 3 ? NaN : 1))]) {
    expect(told(none)[1]).not.toHaveProperty("times_sharpness");
    expect(JSON.stringify(answerTo(none).section)).not.toContain("initial sharpness");
  }
});

test("one seed has no interval, and one point no line", async () => {
  const one = STUDY.replace("[4, 16, 64]", "[16]").replace("0..5", "[0]");
  const { result } = await answeredRates(`${one}${ask("by: rule")}`);
  expect(plain(result)).toEqual([
    "The largest stable learning rate is 0.250 at width 16 (1 seed).",
  ]);
  expect(answerTo(result).facts?.[0].note).toBe("1 seed; 0.273 is not stable");
});

test("where stability does not fall with the rate, it says so", async () => {
  const { result } = await answeredRates(`${STUDY}${ask("by: rule")}`, (planned) => {
    const { learning_rate } = planned.trial.specification.training;
    const isIsland = planned.point.seed === 0 && Math.abs(learning_rate - 0.545) < 0.001;
    return isIsland && planned.point.values.width === 16
      ? { lowers: true, finite: true }
      : BY_WIDTH(planned);
  });
  expect(plain(result)[1]).toMatch(
    /^Stability does not fall with the rate everywhere: in 1 of 18 searches a rate beyond .* such as 0.545254 at width 16\./,
  );
});

describe("a report's claims", () => {
  test.each(["by: rule", "by: both"])(
    "of %s are its trials, in the order of the fingerprint",
    async (settings) => {
      const { result } = await answeredRates(`${STUDY}${ask(settings)}`);
      const found = answered(result, CATALOGUE);
      expect([...found.answers.keys()]).toEqual(["learning-rate"]);
      const summary = JSON.parse(JSON.stringify(summarize(found, PROVENANCE))) as Record<
        string,
        unknown
      >;
      expect(summary).not.toHaveProperty("learning_rate");
      expect(JSON.stringify(buildReport(found, PROVENANCE))).toContain(
        "Each seed above was trained once",
      );
      expect(reportFileNames(result.study, CATALOGUE, "slide")).toContain(
        "stable-learning-rate.png",
      );

      const claims = parseClaims(summary, "x", CATALOGUE);
      const trials = claimedTrials(claims, DATASET_SIZES, CATALOGUE, sha256, "x");
      expect(trials.map(({ fingerprint }) => fingerprint)).toEqual(
        result.further?.map(({ fingerprint }) => fingerprint),
      );
      expect(trials.map(({ key }) => key)).toEqual(result.further?.map(({ key }) => key));
      expect(contradictions(claims, trials, sha256)).toEqual([]);
      const records = new Map(trials.map((one, place) => [one, (result.further ?? [])[place]]));
      const again = await answerOf(claims, records, DATASET_SIZES, CATALOGUE, sha256);
      expect(again?.fingerprint).toBe(result.fingerprint);
      if (again === null) throw new Error("all trials are there");
      expect(summarize(answered(again, CATALOGUE), PROVENANCE)).toEqual(
        summarize(found, PROVENANCE),
      );

      const stable = claims.stable_learning_rate ?? { trials: [] };
      const [first, ...rest] = stable.trials;
      const fewer = { ...claims, stable_learning_rate: { trials: rest } };
      const left = claimedTrials(fewer, DATASET_SIZES, CATALOGUE, sha256, "x");
      expect(contradictions(claims, left, sha256)).toHaveLength(1);
      const wrong = { ...claims, stable_learning_rate: { trials: [{ ...first, passes: 9 }] } };
      expect(() => claimedTrials(wrong, DATASET_SIZES, CATALOGUE, sha256, "x")).toThrow(
        "x: it tells of a search with 9 passes; expected 1, or 3",
      );
    },
  );

  test("need a learning rate where something is trained at one", async () => {
    const { result } = await answeredRates(
      `${STUDY.replace("passes: 3", "passes: 3, learning_rate: 0.1")}ask: [learning-rate, learning-curves]`,
    );
    const summary = JSON.parse(JSON.stringify(summarize(answered(result, CATALOGUE), PROVENANCE))) as object; // prettier-ignore
    const claimed = (one: object) =>
      claimedTrials(parseClaims(one, "x", CATALOGUE), DATASET_SIZES, CATALOGUE, sha256, "x");
    expect(claimed(summary)).toHaveLength(18 + (result.further ?? []).length);
    expect(() => claimed({ ...summary, learning_rate: null })).toThrow(
      "x: it tells no learning rate, but its study trains at one",
    );
  });
});

test.each([
  [
    "sweep: { training.learning_rate: [0.1, 0.2] }\nask: [learning-rate]",
    "searches the rate itself",
  ],
  [
    ask("against: model.init_std"),
    "learning-rate goes against model.init_std, which is not swept; name one of width",
  ],
  ["ask: [learning-rate, threshold]", "ask it in a study of its own"],
  [
    "sweep: { training.regularization: [0, 1] }\nask: [{ name: learning-rate, against: width }]",
    "goes against width, which is not swept; name one of training.regularization",
  ],
  [
    "ask: [learning-rate, { name: learning-rate, by: both }]",
    "ask[1]: learning-rate is asked twice; ask it once, or in a study of its own",
  ],
  [ask("ratio: 1"), "expected a number from 1.001 to 2"],
])("%s is refused: %s", (lines, message) => {
  const start = lines.includes("sweep") || lines.includes("threshold") ? STUDY.replace(/sweep.*\n/, "").replace(/streams.*\n/, "") : STUDY; // prettier-ignore
  const hidden = lines.includes("sweep") ? start.replace("[width]", "[8]") : start;
  const text = `name: a\nquestion: b\n${hidden}${lines}`;
  expect(() => parseStudy(text, "a.yaml", CATALOGUE)).toThrow(message);
});

test("finite training needs passes", () => {
  const none = `name: a\nquestion: b\n${STUDY.replace("passes: 3", "passes: 0")}`;
  expect(() => parseStudy(`${none}${ask("by: both")}`, "a.yaml", CATALOGUE)).toThrow(
    "give training.passes from 1 up",
  );
  expect(() => parseStudy(`${none}${ask("by: rule")}`, "a.yaml", CATALOGUE)).not.toThrow();
});

test("the documentation's study is one", () => {
  const text = readFileSync(new URL("../../../docs/questions.md", import.meta.url), "utf8");
  const snippets = text
    .split("```yaml\n")
    .slice(1)
    .map((part) => part.split("```")[0]);
  const own = snippets.filter((snippet) => snippet.includes("name: learning-rate"));
  expect(own).not.toEqual([]);
  for (const snippet of own) expect(() => parseStudy(snippet, "a.yaml", CATALOGUE)).not.toThrow();
});
