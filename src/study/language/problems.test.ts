// What is said of a text that is no study: where, what was expected, and what was found.

import { describe, expect, test } from "vitest";
import { HOMEWORK, problem } from "../../../test/support/study-text.ts";
import { DATASETS } from "../../data/sets/table.ts";

const SETS = Object.keys(DATASETS).join(" or ");

/** The homework with one line replaced (or taken out, where `by` is null). */
function homeworkWith(line: string, by: string | null): string {
  const lines = HOMEWORK.split("\n");
  const index = lines.indexOf(line);
  expect(index, `the homework has the line ${line}`).toBeGreaterThanOrEqual(0);
  lines.splice(index, 1, ...(by === null ? [] : by.split("\n")));
  return lines.join("\n");
}

describe("says where a problem lies, what was expected and what was found", () => {
  test.each<[string, string, string | null, string]>([
    [
      "zero width",
      "  width: [8, 16, 32, 128, 512]",
      "  width: [8, 16, 0]",
      "mine.yaml:18:18 sweep.width[2]: expected a positive integer up to 65536, got 0",
    ],
    [
      "half a width",
      "  width: [8, 16, 32, 128, 512]",
      "  width: [1.5]",
      "mine.yaml:18:11 sweep.width[0]: expected a positive integer up to 65536, got 1.5",
    ],
    [
      "huge width",
      "  width: [8, 16, 32, 128, 512]",
      "  width: [1e9]",
      "mine.yaml:18:11 sweep.width[0]: expected a positive integer up to 65536, got 1000000000",
    ],
    [
      "width twice",
      "  width: [8, 16, 32, 128, 512]",
      "  width:\n    - 8\n    - 16\n    - 8",
      "mine.yaml:21:7 sweep.width[2]: expected distinct widths, got 8 twice",
    ],
    [
      "no widths",
      "  width: [8, 16, 32, 128, 512]",
      "  width: []",
      "mine.yaml:18:10 sweep.width: expected at least one of the widths, got an empty list",
    ],
    [
      "a word for a list",
      "  width: [8, 16, 32, 128, 512]",
      "  width: wide",
      'mine.yaml:18:10 sweep.width: expected a list of widths, got "wide"',
    ],
    [
      "unknown key",
      "  fraction: 0.1",
      "  fractoin: 0.1",
      "mine.yaml:6:3 dataset.fractoin: unknown key; did you mean fraction?",
    ],
    [
      "far-off key",
      "  fraction: 0.1",
      "  share: 0.1",
      "mine.yaml:6:3 dataset.share: unknown key; known here are name, fraction, examples, part, label_noise, standardize",
    ],
    [
      "prototype key",
      "  fraction: 0.1",
      "  __proto__: 0.1",
      "mine.yaml:6:3 dataset.__proto__: unknown key; known here are name, fraction, examples, part, label_noise, standardize",
    ],
    [
      "misspelt needed key",
      "  passes: 100",
      "  pases: 100",
      "mine.yaml:13:3 training.pases: unknown key; did you mean passes?",
    ],
    [
      "missing key",
      "  passes: 100",
      null,
      "mine.yaml:10:1 training.passes: missing; expected an integer from 0 to 100000",
    ],
    [
      "control characters",
      "  name: fashion-mnist",
      '  name: "a\\x7f\\x9b\\u2028\\u202e"',
      `mine.yaml:5:9 dataset.name: expected ${SETS}, got "a\\u007f\\u009b\\u2028\\u202e"`,
    ],
    [
      "no value",
      "  init_std: 1.0e-6",
      "  init_std:",
      "mine.yaml:9:12 model.init_std: expected a number from 0 to 1000, got nothing",
    ],
    [
      "NaN",
      "  init_std: 1.0e-6",
      "  init_std: .nan",
      "mine.yaml:9:13 model.init_std: expected a number from 0 to 1000, got NaN",
    ],
    [
      "infinity",
      "  learning_rate: eta_star / 2",
      "  learning_rate: 1e400",
      'mine.yaml:11:18 training.learning_rate: expected a positive number or "eta_star / 2", got Infinity',
    ],
    [
      "other expression",
      "  learning_rate: eta_star / 2",
      "  learning_rate: eta_star / 3",
      'mine.yaml:11:18 training.learning_rate: expected a positive number or "eta_star / 2", got "eta_star / 3"',
    ],
    [
      "minus zero",
      "  regularization: 0",
      "  regularization: -0",
      "mine.yaml:12:19 training.regularization: expected a number from 0 up, got -0",
    ],
    [
      "fraction",
      "  fraction: 0.1",
      "  fraction: 0",
      "mine.yaml:6:13 dataset.fraction: expected a number from 0.0001 to 1, got 0",
    ],
    [
      "data set",
      "  name: fashion-mnist",
      "  name: cifar-10",
      `mine.yaml:5:9 dataset.name: expected ${SETS}, got "cifar-10"`,
    ],
    [
      "folder name",
      "name: homework",
      "name: ../up",
      'mine.yaml:2:7 name: expected a name of at most 64 characters: letters a to z, digits, - and _, beginning with a letter or digit, got "../up"',
    ],
    [
      "name with another alphabet's letter",
      "name: homework",
      "name: größe",
      'mine.yaml:2:7 name: expected a name of at most 64 characters: letters a to z, digits, - and _, beginning with a letter or digit, got "größe"',
    ],
    [
      "decimal comma in a number",
      "  init_std: 1.0e-6",
      "  init_std: 0,005",
      'mine.yaml:9:13 model.init_std: expected a number from 0 to 1000, got "0,005"; write numbers with a decimal point and without commas',
    ],
    [
      "decimal comma in the learning rate",
      "  learning_rate: eta_star / 2",
      "  learning_rate: 0,005",
      'mine.yaml:11:18 training.learning_rate: expected a positive number or "eta_star / 2", got "0,005"; write numbers with a decimal point and without commas',
    ],
    [
      "comma in a width",
      "  hidden: [width]",
      '  hidden: [width, "1,024"]',
      'mine.yaml:8:19 model.hidden[1]: expected a positive integer up to 65536 or "width", got "1,024"; write numbers with a decimal point and without commas',
    ],
    [
      "seeds of the notebook",
      "  torch_seed: 0",
      "  torch_seed: 0\n  seeds: 0..9",
      "mine.yaml:23:3 streams.seeds: unknown key; the notebook drew from one pair of seeds; kind: named has a list of them",
    ],
    [
      "kind of streams",
      "  kind: notebook",
      "  kind: other",
      'mine.yaml:20:9 streams.kind: expected "notebook" or "named", got "other"',
    ],
    [
      "kind missing",
      "  kind: notebook",
      null,
      'mine.yaml:19:1 streams.kind: missing; expected "notebook" or "named"',
    ],
    [
      "seed",
      "  torch_seed: 0",
      "  torch_seed: 4294967296",
      "mine.yaml:22:15 streams.torch_seed: expected an integer from 0 to 4294967295, got 4294967296",
    ],
    [
      "width unused",
      "  hidden: [width]",
      "  hidden: [8]",
      'mine.yaml:18:10 sweep.width: no hidden layer has this width; write "width" into model.hidden or leave sweep out',
    ],
    [
      "tab",
      "  passes: 100",
      "\tpasses: 100",
      "mine.yaml:13:1 a tab indents this line; YAML wants spaces",
    ],
    [
      "key twice",
      "  passes: 100",
      "  passes: 100\n  passes: 100",
      "mine.yaml:14:3 this key is given twice; keep one of them",
    ],
    [
      "key that is a list",
      "  passes: 100",
      "  passes: 100\n  ? [3]\n  : 4",
      "mine.yaml:14:5 expected a word as the key",
    ],
    [
      "alias",
      "  width: [8, 16, 32, 128, 512]",
      "  width: &a [*a]",
      "mine.yaml:18:14 a study has no aliases; write the value out instead of *a",
    ],
    [
      "tag",
      "  passes: 100",
      "  passes: !many 100",
      "mine.yaml:13:11 not YAML: Unresolved tag: !many",
    ],
  ])("%s", (_, line, by, message) => {
    expect(problem(homeworkWith(line, by))).toBe(message);
  });

  test.each([
    ["  name: fashion-mnist", "  name: fashion-minst", "fashion-mnist"],
    ["  hidden: [width]", "  hidden: [width]\n  activation: tahn", "tanh"],
    ["  hidden: [width]", "  hidden: [width]\n  parametrization: mub", "mup"],
    ["  hidden: [width]", "  hidden: [width]\n  parametrization: { kind: nkt }", "ntk"],
    ["  init_std: 1.0e-6", "  init: glorott", "glorot"],
    ["  passes: 100", "  passes: 100\n  optimizer: { kind: adma }", "adam"],
    ["  passes: 100", "  passes: 100\n  schedule: { kind: cosin, passes: 9 }", "cosine"],
    ["  passes: 100", "  passes: 100\n  objective: square error", "squared error"],
    ["  kind: notebook", "  kind: notebok", "notebook"],
    ["name: homework", "name: homework\nmeasure: [sharpnes]", "sharpness"],
    ["name: homework", "name: homework\nask: [learning-curve]", "learning-curves"],
    ["name: homework", "name: homework\nask: [{ name: mapp }]", "map"],
  ])("a misspelt name: %s, %s", (line, by, meant) => {
    expect(problem(homeworkWith(line, by))).toMatch(
      new RegExp(`: expected .*, got ".*"; did you mean ${meant}\\?$`),
    );
  });

  test("a swept width without widths", () => {
    const text = HOMEWORK.replace(/sweep:\n.*\n/, "");
    expect(problem(text)).toBe(
      'mine.yaml:8:12 model.hidden[0]: "width" stands for the swept width; list the widths as sweep.width',
    );
  });

  test.each([
    [
      "",
      "mine.yaml:1:1 expected a mapping with name, question, dataset, model, training, search, sweep, streams, evaluate, stop, ask, measure, got nothing",
    ],
    [
      "- 3\n",
      "mine.yaml:1:1 expected a mapping with name, question, dataset, model, training, search, sweep, streams, evaluate, stop, ask, measure, got a list",
    ],
    [
      `${HOMEWORK}---\nname: two\n`,
      "mine.yaml:23:1 a second document begins here; a study is one document",
    ],
    ["[".repeat(60_000), "this is nested too deeply for a study"],
    [`name: x\n${"? ".repeat(30_000)}\nquestion: y\n`, "this is nested too deeply for a study"],
    ["x".repeat(70_000), "mine.yaml: expected a study of at most 65536 characters, got 70000"],
    ["name: 'half", "mine.yaml:1:12 not YAML: Missing closing 'quote"],
  ])("a file that is no study (%#)", (text, message) => {
    expect(problem(text)).toContain(message);
  });

  test.each([
    ["9..0", "expected a list of seeds or a range such as 0..9"],
    ["0..4294967296", "expected a list of seeds or a range such as 0..9"],
    ["0..99999", "of at most 10000 seeds"],
    ["[0, 1, 0]", "streams.seeds[2]: expected distinct seeds, got 0 twice"],
    ["[0, -1]", "streams.seeds[1]: expected an integer from 0 to 4294967295, got -1"],
    ["3", "expected a list of seeds such as [0, 1, 2], or a range such as 0..9, got 3"],
  ])("seeds %s", (seeds, message) => {
    const text = HOMEWORK.replace(/kind: notebook[^]*/, `kind: named\n  seeds: ${seeds}\n`);
    expect(problem(text)).toContain(message);
  });
});
