// What a study that asks for a coordinate check, or for its sharpness, may say, and what is told of exponents over made-up
// measurements.

import { expect, test } from "vitest";
import { outcome } from "../../../test/support/outcomes.ts";
import { found, seedsResult } from "../../../test/support/results.ts";
import type { Outcome } from "../../analysis/outcome.ts";
import { parseStudy } from "../../study/language/parse.ts";
import { CATALOGUE } from "../catalogue.ts";

interface Said {
  readonly ask?: string;
  readonly measure?: string;
  readonly training?: string;
  readonly evaluate?: string;
  readonly widths?: string;
}

const study = ({
  ask = "coordinate-check",
  measure = "preactivations",
  training = "passes: 6",
  evaluate,
  widths = "[4, 16]",
}: Said) =>
  parseStudy(
    `
name: dynamics
question: "?"
dataset: { name: mnist-1d, examples: 40 }
model: { hidden: [width, width], init: lecun }
training: { learning_rate: 0.2, ${training} }
${evaluate === undefined ? "" : `evaluate: ${evaluate}`}
sweep: { width: ${widths} }
measure: [${measure}]
ask: [${ask}]
`,
    "a.yaml",
    CATALOGUE,
  );

const asked = (passes: number) => `{ name: coordinate-check, passes: ${passes} }`;

test("four passes are looked at where none are named", () => {
  expect(study({}).ask).toEqual([{ name: "coordinate-check", passes: 4 }]);
});

test.each<[string, Said, string]>([
  [
    "what it looks at is not measured",
    { measure: "margin" },
    "coordinate-check looks at preactivations, which are not measured; write measure: [preactivations]",
  ],
  [
    "training is shorter",
    { ask: asked(7) },
    "coordinate-check looks at passes 1 to 7, but training has 6; give it fewer passes, or train longer",
  ],
  ["training is shorter than by default", { training: "passes: 3" }, "passes 1 to 4, but training"],
  [
    "a pass of them is not evaluated",
    { evaluate: "{ every: 2 }" },
    "coordinate-check looks at passes 1 to 4, but nothing is evaluated after pass 1; leave evaluate out, or give it fewer passes",
  ],
  ["the last of them is not", { evaluate: "{ every: 2 }", ask: asked(1) }, "after pass 1;"],
  [
    "there is one width",
    { widths: "[4]" },
    "coordinate-check compares widths; list at least two as sweep.width",
  ],
  ["no pass is asked for", { ask: asked(0) }, "expected an integer from 1 to 100, got 0"],
  ["more than a hundred are", { ask: asked(101) }, "expected an integer from 1 to 100, got 101"],
  [
    "the sharpness is asked for and not measured",
    { ask: "sharpness" },
    "sharpness looks at the sharpness, which is not measured; write measure: [sharpness]",
  ],
])("it is refused where %s", (_, said, sentence) => {
  expect(() => study(said)).toThrow(sentence);
});

test.each<[string, Said]>([
  ["as many passes as training has", { ask: asked(6) }],
  // The last pass has an evaluation whatever the schedule.
  ["one of one", { ask: asked(1), training: "passes: 1", evaluate: "{ every: 9 }" }],
  ["one that a schedule has", { ask: asked(1), evaluate: "{ log: 1 }" }],
  [
    "the sharpness of some examples",
    { ask: "sharpness", measure: "{ sharpness: { examples: 20 } }" },
  ],
])("%s will do", (_, said) => {
  expect(() => study(said)).not.toThrow();
});

/** At widths 4 and 16, of each seed a power of the width. */
function sentencesOf(powers: readonly number[]) {
  const row = [1, 0.5, 1, 0.5] as const;
  const at = (width: number, power: number) =>
    new Map([0, 1].map((pass) => [pass, width ** power]));
  const outcomes = [4, 16].flatMap((width) =>
    powers.map((power, seed): Outcome => ({
      ...outcome(width, [row, row], { seed }),
      measured: new Map(
        [
          "preactivation_1",
          "preactivation_change_1",
          "preactivation_2",
          "preactivation_change_2",
        ].map((column) => [column, at(width, column.endsWith("1") ? 0 : power)]),
      ),
    })),
  );
  const result = seedsResult(powers.length, outcomes);
  const ask = [{ name: "coordinate-check", passes: 1 }];
  const answer = found({ ...result, search: null, study: { ...result.study, ask } });
  return (answer.answers.get("coordinate-check")?.sentences ?? []).map((text) =>
    text
      .map((part) => (typeof part === "string" ? part : "strong" in part ? part.strong : ""))
      .join(""),
  );
}

test("exponents are told with their interval over seeds, and what it is", () => {
  const [change, size, method] = sentencesOf([1, 1.25, 1.5]);
  expect(change).toBe(
    "The mean change of preactivations after 1 pass: it grows with width in the output (width^1.25 (0.63 … 1.87)); it stays with width in layer 1 (width^0.00 (0.00 … 0.00)).",
  );
  expect(size).toContain("The mean size of preactivations after 1 pass: it grows");
  expect(method).toContain("in brackets its 95 % interval by Student's t over these");
});

test("an exponent that is rounded to nothing has no sign", () => {
  expect(sentencesOf([-0.004, 0.001, 0.002])[0]).toContain(
    "the output (width^0.00 (−0.01 … 0.01))",
  );
});

test("of one seed it is open, since there is no interval", () => {
  const [change, , method] = sentencesOf([1]);
  expect(change).toContain("it is open for layer 1 (width^0.00) and the output (width^1.00)");
  expect(method).toMatch(/of one seed: whether a coordinate stays takes more of them\.$/);
});
