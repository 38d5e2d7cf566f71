// Words that are refused, help and version, and exit codes, of every command.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cli, stage } from "../../test/cli/fakes.ts";
import { InputError, WidthwiseError } from "../base/errors.ts";

describe("errors", () => {
  test.each<[Error, number, string]>([
    [new InputError("bad file"), 2, "bad file\n"],
    [new WidthwiseError("no luck"), 1, "no luck\n"],
    [
      new TypeError("x is undefined"),
      1,
      "widthwise met a bug: x is undefined (run with --debug for the stack)\n",
    ],
  ])("%s", async (error, code, told) => {
    const on = stage({ loadDataset: () => Promise.reject(error) });
    expect((await cli(["data"], on)).code).toBe(code);
    expect(on.err()).toBe(told);
  });

  test("--debug adds the stack", async () => {
    const on = stage({ loadDataset: () => Promise.reject(new InputError("bad file")) });
    expect((await cli(["data", "--debug"], on)).code).toBe(2);
    expect(on.err()).toMatch(/^bad file\nInputError: bad file\n {4}at /);
  });

  test.each([
    [
      "run homewrok",
      'unknown study "homewrok": did you mean homework? (a study of your own is named by its path, such as ./mine.yaml)',
    ],
    [
      "run other",
      'unknown study "other": shipped with widthwise: homework, label-noise, stable-rates (a study of your own is named by its path, such as ./mine.yaml)',
    ],
    ["run ./none.yaml", 'study "./none.yaml": no such file'],
    ["run studies/", 'study "studies/": expected a file'],
    ["run package.json/x", 'study "package.json/x": no such file'],
    ["run", "missing required argument 'study' (see widthwise --help)"],
    [
      "run a b",
      "too many arguments for 'run'; expected 1 argument but got 2 (see widthwise --help)",
    ],
    ["rnu", "unknown command 'rnu'; did you mean run? (see widthwise --help)"],
    [
      "run homework --widht 8",
      "unknown option '--widht'; did you mean --widths? (see widthwise --help)",
    ],
    ["run homework --widths", "option '--widths <list>' argument missing (see widthwise --help)"],
    ["run homework --widths 0", "--widths: expected a positive integer up to 65536, got 0"],
    ["run homework --widths -3", "--widths: expected a positive integer up to 65536, got -3"],
    ["run homework --widths 8,1.5", "--widths: expected a positive integer up to 65536, got 1.5"],
    [
      "run homework --widths 1e9",
      "--widths: expected a positive integer up to 65536, got 1000000000",
    ],
    ["run homework --widths abc", '--widths: expected a positive integer up to 65536, got "abc"'],
    ["run homework --widths 8,,16", '--widths: expected a positive integer up to 65536, got ""'],
    ["run homework --widths 8,8", "--widths: expected distinct widths, got 8 twice"],
    ["run homework --passes 1.5", "--passes: expected an integer from 0 to 100000, got 1.5"],
    ["run homework --passes -1", "--passes: expected an integer from 0 to 100000, got -1"],
    [
      "run homework --seeds 5..2",
      '--seeds: expected a list of seeds or a range such as 0..9, of at most 10000 seeds up to 4294967295, got "5..2"',
    ],
    ["run homework --seeds 1,-2", "--seeds: expected an integer from 0 to 4294967295, got -2"],
    [
      "run homework --passes 1,5",
      '--passes: expected an integer from 0 to 100000, got "1,5"; write numbers with a decimal point and without commas',
    ],
    [
      "run homework --workers 1,5",
      '--workers: expected an integer from 1 to 1024, got "1,5"; write numbers with a decimal point and without commas',
    ],
    ["run homework --workers 0", '--workers: expected an integer from 1 to 1024, got "0"'],
    [
      "run homework --size A4",
      "option '--size <size>' argument 'A4' is invalid. Allowed choices are paper, slide. (see widthwise --help)",
    ],
    [
      "run homework --size papre",
      "option '--size <size>' argument 'papre' is invalid. Allowed choices are paper, slide; did you mean paper? (see widthwise --help)",
    ],
    ["run homework --learning-rate 0", "--learning-rate: expected a positive number, got 0"],
    [
      "run homework --set dataset.fraction",
      '--set: expected a path and its value, such as dataset.fraction=0.2, got "dataset.fraction"',
    ],
    [
      "run homework --set dataset.fraction=2",
      "--set dataset.fraction: expected a number from 0.0001 to 1, got 2",
    ],
    [
      "run homework --set dataset.fractoin=1",
      "--set dataset.fractoin: unknown key; did you mean fraction?",
    ],
    ["run homework --set name.x=1", "--set name.x: a study has nothing of this name"],
    ["run homework --set name=[", '--set name: expected a value in YAML, got "["'],
    [
      'run homework --set search={"factor":2}',
      "--set search: factor: expected a number above 0 and below 1, got 2",
    ],
    ["run homework --workers many", '--workers: expected an integer from 1 to 1024, got "many"'],
  ])("widthwise %s", async (line, sentence) => {
    const { code, out, err } = await cli(line.split(" "));
    expect({ code, out: out(), err: err() }).toEqual({ code: 2, out: "", err: `${sentence}\n` });
  });
});

test.each([
  [],
  ["--help"],
  ["run", "--help"],
  ["data", "--help"],
  ["doctor", "--help"],
  ["verify", "--help"],
  ["report", "--help"],
  ["--version"],
  ["help", "run"],
])("help and version go to stdout (%#)", async (...args) => {
  const { code, out, err } = await cli(args);
  expect([code, err()]).toEqual([0, ""]);
  for (const line of out().split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

describe("whatever the arguments: done, or exit code 2 and one sentence", () => {
  const valid =
    "run homework --widths 8,16 --passes 3 --seeds 0..2 --workers 2 --out x --data y --json".split(
      " ",
    );

  async function check(args: readonly string[]): Promise<void> {
    const { code, err } = await cli(args);
    expect([0, 2]).toContain(code);
    if (code === 0 || err().startsWith("Usage:")) return;
    expect(err()).toMatch(/^\P{Cc}+\n$/u);
    expect(err()).not.toMatch(/\bat .*:\d+:\d+|undefined|\[object/);
  }

  test("mutated", async () => {
    const mutation = fc.record({
      at: fc.nat(valid.length - 1),
      kind: fc.constantFrom("drop", "repeat", "replace", "cut", "insert"),
      word: fc.oneof(
        fc.constantFrom(...valid, "-", "--", "-1", "0", "", "~", "help", "--help", "--debug"),
        fc.string({ unit: "binary", maxLength: 8 }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
        const args = [...valid];
        for (const { at, kind, word } of mutations) {
          if (kind === "drop") args.splice(at, 1);
          if (kind === "repeat") args.splice(at, 0, args[at] ?? "");
          if (kind === "replace") args.splice(at, 1, word);
          if (kind === "insert") args.splice(at, 0, word);
          if (kind === "cut") args.splice(at, 1, (args[at] ?? "").slice(0, -1));
        }
        await check(args.filter((arg) => arg !== "--debug"));
      }),
      { numRuns: 400 },
    );
  });

  test("garbage", async () => {
    const word = fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.constantFrom("run", "data", "homework"),
    );
    await fc.assert(fc.asyncProperty(fc.array(word, { maxLength: 6 }), check), { numRuns: 400 });
  });
});

test("no line of any help is longer than a terminal", async () => {
  const { out } = await cli(["--help"]);
  const named = out().matchAll(/^ {2}([a-z]+) \[options\]/gm);
  const commands = [...named].map(([, command]) => command);
  expect(commands.length).toBeGreaterThan(9);
  for (const command of commands)
    for (const line of (await cli([command, "--help"])).out().split("\n"))
      expect(line.length, line).toBeLessThanOrEqual(80);
});
