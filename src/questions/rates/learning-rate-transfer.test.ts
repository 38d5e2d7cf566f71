// The best learning rate by width in words, numbers and figures, over made-up trainings.

import { expect, test } from "vitest";
import { transferResult } from "../../../test/support/transfer.ts";
import { parseStudy } from "../../study/language/parse.ts";
import { answered, reportFileNames } from "../asked.ts";
import { CATALOGUE } from "../catalogue.ts";

type Asked = Parameters<typeof transferResult>[0];

function answerTo(asked?: Asked) {
  const result = transferResult(asked);
  const answer = answered(result, CATALOGUE).answers.get("learning-rate-transfer");
  if (answer === undefined) throw new Error("it was asked");
  const sentences = (answer.sentences ?? []).map((text) =>
    text
      .map((part) => (typeof part === "string" ? part : "strong" in part ? part.strong : ""))
      .join(""),
  );
  return { ...answer, said: sentences, study: result.study };
}

test("tells for each setting where the best rate goes, and what its interval is", () => {
  const { said, facts, lines } = answerTo();
  expect(said).toEqual([
    "Under parametrization standard the best learning rate falls with the width, as its power −1.00 (−1.00 … −1.00: 95 % percentile bootstrap over 6 seeds), from 0.250 (0.250 … 0.250) at width 16 to 0.0156 (0.0156 … 0.0156) at width 256; each is a median with the 95 % interval of a median, between two order statistics.",
    "Under parametrization {kind: mup, base_width: 16} the best learning rate is not shown to move with the width: it goes as width to the power 0.00 (0.00 … 0.00: 95 % percentile bootstrap over 6 seeds), from 0.250 (0.250 … 0.250) at width 16 to 0.250 (0.250 … 0.250) at width 256; each is a median with the 95 % interval of a median, between two order statistics.",
  ]);
  expect(facts?.map(({ value }) => value)).toEqual([
    "∝ width^−1.00 (−1.00 … −1.00)",
    "∝ width^0.00 (0.00 … 0.00)",
  ]);
  expect(lines?.[0]).toBe(
    "best learning rate (parametrization standard) ∝ width^−1.00 (−1.00 … −1.00): 0.250 at 16, 0.0625 at 64, 0.0156 at 256",
  );
});

test("of one seed a rate that stays neither falls nor rises", () => {
  const { said } = answerTo({ seeds: 1 });
  expect(said[0]).toContain("falls with the width, as its power −1.00 (1 seed)");
  expect(said[1]).toContain("is not shown to move with the width: it goes as width to the power 0.00 (1 seed)"); // prettier-ignore
});

test("an optimum at the end of the rates is told as such", () => {
  const { said, summary } = answerTo({ rates: [0.0625, 0.125, 0.25] });
  expect(said[1]).toBe(
    "Under parametrization standard, at widths 64 and 256 it is the smallest that was tried, so the best one may lie beyond, which no interval of the exponent holds: sweep smaller rates, too.",
  );
  expect(said[2]).toContain("at width 16 it is the largest that was tried");
  expect(summary?.learning_rate_transfer).toMatchObject({
    lines: [{ widths: [{ end: "largest" }, { end: "smallest" }, { end: "smallest" }] }, {}],
  });
});

test("summary has every number with its interval, at paths that a claim can name", () => {
  const { summary } = answerTo();
  expect(summary).toMatchObject({
    learning_rate_transfer: {
      of: "train_loss",
      exponent: { value: -1, by: "95 % percentile bootstrap over 6 seeds" },
      lines: [
        {
          name: "parametrization standard",
          widths: [
            { width: 16, value: 0.25, interval: [0.25, 0.25], seeds: Array(6).fill(0.25) },
            {},
            {},
          ],
        },
        { name: "parametrization {kind: mup, base_width: 16}", exponent: { value: 0 } },
      ],
    },
  });
});

test("where nothing trains there is no exponent, and no crash", () => {
  const { said, draw, summary } = answerTo({ diverges: () => true });
  expect(said[0]).toBe(
    "Under parametrization standard the best learning rate is not told: at fewer than two widths any rate trains with every seed.",
  );
  expect(summary?.learning_rate_transfer).toMatchObject({ exponent: null });
  expect(draw?.("paper")[0].caption).toContain("At 42 of 42 points most seeds diverged");
});

test("draws a panel for each setting; as slides each has a file of its own", () => {
  const { draw, study } = answerTo();
  const [paper, ...none] = draw?.("paper") ?? [];
  expect(none).toEqual([]);
  expect(paper?.svg.match(/>parametrization /g)).toHaveLength(2);
  const [upper, lower] = (paper?.svg.split(">parametrization {") ?? []).map((panel) =>
    panel.match(/>0\.\d+</g),
  );
  expect(lower).toEqual(upper);
  const slides = (draw?.("slide") ?? []).map(({ name }) => name);
  expect(slides).toEqual(["learning-rate-transfer", "learning-rate-transfer-2"]);
  const names = (size: "paper" | "slide") =>
    reportFileNames(study, CATALOGUE, size).filter((name) => /transfer.*svg/.test(name));
  expect(names("slide")).toEqual(slides.map((name) => `${name}.svg`));
  expect(names("paper")).toEqual(["learning-rate-transfer.svg"]);
});

const study = (sweep: string) => `
name: a
question: b
dataset: { name: fashion-mnist, examples: 100 }
model: { hidden: [width], init: lecun }
training: { passes: 1 }
sweep: ${sweep}
ask: [learning-rate-transfer]
`;
test.each([
  ["{ width: [8], training.learning_rate: [1, 2, 3] }", "needs several widths"],
  ["{ width: [8, 16], training.learning_rate: [1, 2] }", "needs three rates or more"],
  [
    "{ width: [8, 16, 32], training.learning_rate: [1, 2, 3], zip: [[width, training.learning_rate]] }",
    "leave them out of zip",
  ],
])("%s is refused before training", (sweep, message) => {
  expect(() => parseStudy(study(sweep), "a.yaml", CATALOGUE)).toThrow(message);
});
