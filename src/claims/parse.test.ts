// What a claim's file may say, and how it is refused.

import { expect, test } from "vitest";
import { CATALOGUE } from "../questions/catalogue.ts";
import { parseClaim } from "./parse.ts";

const CLAIM = `claim: Wider layers interpolate sooner.
source: Nobody, 2026
published:
  - { says: passes, number: never, where: Table 1, seen: passes_to_interpolation.8 }
objective: the same
smaller: nothing
seconds: { whole: 90, quick: 4.5 }
study:
  name: sooner
  question: Do they?
  dataset: { name: gaussian-clusters }
  model: { hidden: [width], init: he }
  training: { learning_rate: 0.01, passes: 50 }
  sweep: { width: [8, 16], training.learning_rate: [0.1, 0.2] }
  streams: { seeds: 0..9 }
quick: { training.passes: 5, streams.seeds: 0..1, sweep.training.learning_rate: [0.1] }
verdict:
  - { value: a.b, within: [1, 2], says: one }
  - { value: c, above: 1.0e-3, says: two }
  - { value: d, below: a.b, says: three }
`.replace("learning_rate: 0.01, passes", "passes");

const read = (text: string, changes: Parameters<typeof parseClaim>[3] = []) =>
  parseClaim(text, { name: "mine", file: "mine.yaml" }, CATALOGUE, changes);

test("a claim has its sentence, numbers and rule, a study, and the same study made quick", () => {
  const { claim, study, quick, seconds } = read(CLAIM);
  expect(claim).toEqual({
    name: "mine",
    claim: "Wider layers interpolate sooner.",
    source: "Nobody, 2026",
    published: [
      { says: "passes", number: "never", where: "Table 1", seen: "passes_to_interpolation.8" },
    ],
    objective: "the same",
    smaller: "nothing",
    verdict: [
      { value: "a.b", within: [1, 2], says: "one" },
      { value: "c", above: 0.001, says: "two" },
      { value: "d", below: "a.b", says: "three" },
    ],
  });
  expect(seconds).toEqual({ whole: 90, quick: 4.5 });
  expect([study.name, study.training.passes, study.streams]).toEqual([
    ...["sooner", 50, { kind: "named", study_seed: 0, seeds: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] }],
  ]);
  expect([quick?.name, quick?.training.passes, quick?.sweep.paths]).toEqual([
    ...["sooner-quick", 5, { "training.learning_rate": [0.1] }],
  ]);
  expect(quick).toMatchObject({ streams: { seeds: [0, 1] }, sweep: { width: [8, 16] } });
});

test("without quick there is no quick form, and numbers need not be published", () => {
  const { claim, quick, seconds } = read(CLAIM.replace(/^(quick|seconds):.*\n/gm, "").replace(/published:\n.*\n/, "")); // prettier-ignore
  expect([claim.published, quick, seconds]).toEqual([[], null, {}]);
});

test("what options ask of the study goes before what the file and its quick form say", () => {
  const option = "--set training.passes";
  const change = { option, path: ["training", "passes"], value: () => 7 };
  const { study, quick } = read(CLAIM, [change]);
  expect([study.training.passes, quick?.training.passes]).toEqual([7, 7]);
  expect(() => read(CLAIM, [{ ...change, value: () => -1 }])).toThrow(`${option}: expected`);
});

test.each([
  ["claim: Wider", "clam: Wider", "mine.yaml:1:1 clam: unknown key; did you mean claim?"],
  ["source: Nobody, 2026\n", "", "mine.yaml:1:1 source: missing; expected a sentence"],
  [
    "passes: 50",
    "passes: -1",
    "mine.yaml:13:23 study.training.passes: expected an integer from 0 to 100000, got -1",
  ],
  [
    "number: never",
    "number: often",
    'mine.yaml:4:29 published[0].number: expected a number or never, got "often"',
  ],
  [
    "within: [1, 2]",
    "within: [2, 1]",
    "mine.yaml:18:27 verdict[0].within: expected the lower number first",
  ],
  [
    "above: 1.0e-3",
    "above: 1, below: 2",
    "mine.yaml:19:5 verdict[1]: expected exactly one of within, above, below",
  ],
  [", below: a.b", "", "mine.yaml:20:5 verdict[2]: expected exactly one of within, above, below"],
  [
    /verdict:[^]*/,
    "verdict: []\n",
    "mine.yaml:17:10 verdict: expected at least one criterion, got an empty list",
  ],
  [
    "training.passes: 5",
    "training.passes: five",
    'mine.yaml: quick: training.passes: expected an integer from 0 to 100000, got "five"',
  ],
  [
    "training.passes: 5",
    "training.passes.every: 5",
    "mine.yaml: quick: training.passes.every: a claim has nothing of this name",
  ],
  ["whole: 90", "whole: 0", "mine.yaml:7:19 seconds.whole: expected seconds, got 0"],
])("a file with %s in place of what it says is refused where that stands", (now, wrong, told) => {
  expect(() => read(CLAIM.replace(now, wrong))).toThrow(told);
});
