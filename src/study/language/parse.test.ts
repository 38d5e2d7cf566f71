import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { InputError } from "../../base/errors.ts";
import { DATASETS } from "../../data/sets/table.ts";
import { MODEL_PARTS, TRAINING_PARTS } from "../../model/parts.ts";
import { studyId } from "../../records/fingerprint.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { parseStudy } from "./parse.ts";
import { CATALOGUE } from "../../questions/catalogue.ts";

const HOMEWORK = readFileSync(
  new URL("../../../studies/homework.yaml", import.meta.url),
  "utf8",
).replace(/^# yaml-language-server.*\n/, "");

const SETS = Object.keys(DATASETS).join(" or ");

/** The homework with one line replaced (or taken out, where `by` is null). */
function homeworkWith(line: string, by: string | null): string {
  const lines = HOMEWORK.split("\n");
  const index = lines.indexOf(line);
  expect(index, `the homework has the line ${line}`).toBeGreaterThanOrEqual(0);
  lines.splice(index, 1, ...(by === null ? [] : by.split("\n")));
  return lines.join("\n");
}

function problem(text: string): string {
  try {
    parseStudy(text, "mine.yaml", CATALOGUE);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  return "no problem";
}

test("reads the homework", () => {
  expect(parseStudy(HOMEWORK, "homework.yaml", CATALOGUE)).toEqual({
    name: "homework",
    question: "Which width interpolates a tenth of FashionMNIST, and after how many passes?",
    dataset: { name: "fashion-mnist", fraction: 0.1 },
    model: { hidden: ["width"], init_std: 1e-6 },
    training: { learning_rate: "eta_star / 2", regularization: 0, passes: 100 },
    search: { width: 32, factor: 0.5 },
    sweep: { width: [8, 16, 32, 128, 512] },
    streams: { kind: "notebook", numpy_seed: 1, torch_seed: 0 },
  });
});

test("fills in the defaults", () => {
  const text = `
name: deep
question: Does depth help?
dataset: { name: fashion-mnist }
model: { hidden: [64, 32], init_std: 0.01 }
training: { learning_rate: 0.01, passes: 3 }
`;
  expect(parseStudy(text, "deep.yaml", CATALOGUE)).toEqual({
    name: "deep",
    question: "Does depth help?",
    dataset: { name: "fashion-mnist", fraction: 1 },
    model: { hidden: [64, 32], init_std: 0.01 },
    training: { learning_rate: 0.01, regularization: 0, passes: 3 },
    search: { width: 32, factor: 0.5 },
    sweep: { width: [] },
    streams: { kind: "named", study_seed: 0, seeds: [0] },
  });
});

test("gives the homework the shape that its id was made of", () => {
  // What every store that has the homework calls it: the SHA-256 of the canonical JSON of this study and of
  // FashionMNIST's digest, written down by hand.
  const digest = "4d8e31d2057f6f938ff47097ba334038e7aafbaf24b67665d2dd1ecda01730a3";
  expect(studyId(parseStudy(HOMEWORK, "homework.yaml", CATALOGUE), digest, sha256)).toBe(
    "7c61ed8f538860ead4b40356cb4f50637091e0273085aa3ddcfcc2f8cc272a5b",
  );
});

describe("the width of the search", () => {
  const fixed = (hidden: string, rate: string, search: string) => `
name: fixed
question: Which rate?
dataset: { name: fashion-mnist }
model: { hidden: ${hidden}, init_std: 0.01 }
training: { learning_rate: ${rate}, passes: 3 }
${search}
`;

  test("is refused where no hidden layer has it", () => {
    const message =
      "mine.yaml:7:18 search.width: no hidden layer has this width; the search trains the layers of model.hidden as they are, so leave search.width out";
    for (const hidden of ["[64]", "[64, 32]", "[]"]) {
      // The default too, since what is written is meant.
      for (const width of [16, 32]) {
        const search = `search: { width: ${width} }`;
        expect(problem(fixed(hidden, "eta_star / 2", search))).toBe(message);
      }
    }
  });

  test("is not asked for, and its default keeps its place in the study", () => {
    for (const search of ["", "search: { factor: 0.25 }"]) {
      const parsed = parseStudy(fixed("[64]", "eta_star / 2", search), "mine.yaml", CATALOGUE);
      expect(parsed.search).toEqual({ width: 32, factor: search === "" ? 0.5 : 0.25 });
    }
  });

  test("is unused, as all of the search, where the learning rate is a number", () => {
    const parsed = parseStudy(
      fixed("[64]", "0.01", "search: { width: 16 }"),
      "mine.yaml",
      CATALOGUE,
    );
    expect(parsed.search).toEqual({ width: 16, factor: 0.5 });
  });

  test("is the study's where a layer has it", () => {
    const search = "search: { width: 16 }\nsweep: { width: [8] }";
    const parsed = parseStudy(fixed("[width, 4]", "eta_star / 2", search), "mine.yaml", CATALOGUE);
    expect(parsed.search).toEqual({ width: 16, factor: 0.5 });
  });
});

test.each([
  ["0..3", [0, 1, 2, 3]],
  ["7..7", [7]],
  ["[3, 1, 4294967295]", [3, 1, 4294967295]],
])("reads seeds %s", (written, seeds) => {
  const text = HOMEWORK.replace(/kind: notebook[^]*/, `kind: named\n  seeds: ${written}\n`);
  expect(parseStudy(text, "mine.yaml", CATALOGUE).streams).toEqual({
    kind: "named",
    study_seed: 0,
    seeds,
  });
});

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
    ["3", "expected a list of seeds"],
  ])("seeds %s", (seeds, message) => {
    const text = HOMEWORK.replace(/kind: notebook[^]*/, `kind: named\n  seeds: ${seeds}\n`);
    expect(problem(text)).toContain(message);
  });
});

describe("measurements", () => {
  test.each([
    ["[]", "measure: expected at least one measurement, got an empty list"],
    ["sharpness", 'measure: expected a list of measurements, got "sharpness"'],
    ["[sharpnes]", "measure[0]: expected sharpness or weight norms or distance or dead units"],
    ["[margin, margin]", "measure[1]: expected each measurement once, got margin twice"],
    ["[{sharpness: {examples: 0}}]", "measure[0].sharpness.examples: expected a positive integer"],
    ["[{sharpness: {example: 2}}]", "unknown key; did you mean examples?"],
    ["[{margin: {}}]", "measure[0].margin: unknown key"],
  ])("%s", (measure, message) => {
    expect(problem(`${HOMEWORK}\nmeasure: ${measure}\n`)).toContain(message);
  });

  test.each([
    ["{ hidden: [4], activation: tanh, init: he }", "units of tanh are never at rest"],
    ["{ hidden: [], init: he }", "a network without hidden layers has no units"],
  ])("dead units of %s", (model, message) => {
    const text = [
      "{name: a, question: b, dataset: {name: fashion-mnist}, training: {learning_rate: 1, passes: 1}",
      `model: ${model}, measure: [margin, dead units]}`,
    ].join(", ");
    expect(problem(text)).toContain(`measure[1]: ${message}`);
  });

  test("are read as they are written", () => {
    const text = `${HOMEWORK}\nmeasure: [sharpness, {sharpness: {examples: 512}}, weight norms]\n`;
    expect(parseStudy(text, "mine.yaml", CATALOGUE).measure).toEqual([
      "sharpness",
      { sharpness: { examples: 512 } },
      "weight norms",
    ]);
    expect(parseStudy(HOMEWORK, "mine.yaml", CATALOGUE)).not.toHaveProperty("measure");
  });
});

describe("whatever the text, a study or one sentence", () => {
  /** Fails unless `text` gives a study or an InputError of one line that begins with the file's name. */
  function check(text: string): void {
    try {
      parseStudy(text, "mine.yaml", CATALOGUE);
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      const { message } = error as InputError;
      expect(message).toMatch(/^mine\.yaml:(\d+:\d+)? \P{Cc}{5,400}$/u);
      expect(message).not.toMatch(/undefined|\[object/);
    }
  }

  const place = fc.nat(HOMEWORK.length);
  const change = fc.oneof(
    fc.record({ at: place, length: fc.nat(40), by: fc.constant("") }),
    fc.record({
      at: place,
      length: fc.constant(1),
      by: fc.string({ unit: "binary", maxLength: 1 }),
    }),
    fc.record({
      at: place,
      length: fc.nat(6),
      by: fc.constantFrom(
        "0",
        "-1",
        "1e9",
        "~",
        "[",
        "{",
        "&a ",
        "*a",
        "!!binary ",
        "\t",
        "\n",
        "? ",
        "- ",
        ": ",
        "'",
        "|",
        "---\n",
        "...\n",
        "%YAML 1.1\n---\n",
        "__proto__",
        "width",
        ".nan",
        "0..9",
      ),
    }),
  );

  test("a changed homework", () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        let text = HOMEWORK;
        for (const { at, length, by } of changes)
          text = text.slice(0, at) + by + text.slice(at + length);
        check(text);
      }),
      { numRuns: 1500 },
    );
  });

  test("lines taken out, repeated and moved", () => {
    const lines = HOMEWORK.split("\n");
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...lines), { maxLength: 40 }), (some) => {
        check(some.join("\n"));
      }),
      { numRuns: 500 },
    );
    for (const [index] of lines.entries()) {
      check(lines.toSpliced(index, 1).join("\n"));
      check(lines.toSpliced(index, 0, lines[index] ?? "").join("\n"));
    }
  });

  test("garbage", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), check), { numRuns: 500 });
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(...Array.from("[]{}:,-?&*!|>'\"%@` \n\ta1#")),
          maxLength: 200,
        }),
        check,
      ),
      { numRuns: 1000 },
    );
  });
});

describe("parts of a model and of its training", () => {
  const text = (model: string, training: string) => `
name: mine
question: "?"
dataset: { name: fashion-mnist }
model: { hidden: [4], init_std: 0.1${model} }
training: { learning_rate: 0.01, passes: 3${training} }
`;
  const plain = parseStudy(text("", ""), "mine.yaml", CATALOGUE);
  const names = [
    ...Object.entries(MODEL_PARTS).map((kind) => ["model", ...kind] as const),
    ...Object.entries(TRAINING_PARTS).map((kind) => ["training", ...kind] as const),
  ].flatMap(([where, kind, { table, byDefault }]) =>
    Object.keys(table).map((name) => ({ where, kind, name, isDefault: name === byDefault })),
  );

  test.each(names)("$kind: $name", ({ where, kind, name, isDefault }) => {
    const field = `, ${kind}: ${name}`;
    const asked = where === "model" ? text(field, "") : text("", field);
    // A default leaves no trace, so that a study's id is what it was before there was a choice.
    const wanted = isDefault ? plain : { ...plain, [where]: { ...plain[where], [kind]: name } };
    expect(parseStudy(asked, "mine.yaml", CATALOGUE)).toStrictEqual(wanted);
  });

  test("bias: true leaves no trace, false does", () => {
    expect(parseStudy(text(", bias: true", ""), "mine.yaml", CATALOGUE)).toStrictEqual(plain);
    expect(parseStudy(text(", bias: false", ""), "mine.yaml", CATALOGUE).model).toStrictEqual({
      ...plain.model,
      bias: false,
    });
    expect(problem(text(", bias: 0", ""))).toBe(
      "mine.yaml:5:44 model.bias: expected true or false, got 0",
    );
  });

  const init = (written: string) => text("", "").replace("init_std: 0.1", written);
  const modelOf = (written: string) => parseStudy(init(written), "mine.yaml", CATALOGUE).model;

  test("init has a short form, and names", () => {
    expect(modelOf("init: { kind: normal, std: 0.1 }")).toStrictEqual(plain.model);
    expect(modelOf("init: { kind: normal, std: [0.1, 0.1] }")).toStrictEqual(plain.model);
    expect(modelOf("init: { kind: normal, std: [0.1, 2] }").init_std).toEqual([0.1, 2]);
    for (const name of ["he", "lecun", "glorot", "torch"]) {
      expect(modelOf(`init: ${name}`)).toStrictEqual({ hidden: [4], init: name });
      expect(modelOf(`init: { kind: ${name} }`)).toStrictEqual({ hidden: [4], init: name });
    }
  });

  test.each([
    ["bias: true", "init_std: missing; expected a number from 0 to 1000, or init"],
    ["init_std: 1, init: he", "init_std: give init or init_std, not both"],
    [
      "init: kaiming",
      'init: expected normal or he or lecun or glorot or torch or file, got "kaiming"',
    ],
    ["init: 3", "init: expected a mapping with kind, got 3"],
    ["init: { kind: he, std: 1 }", "init.std: unknown key; known here are kind"],
    ["init: file", 'init: expected {kind: file, path: …}, got "file"'],
    [
      "init: { kind: file, path: a, parameters: 3f }",
      'init.parameters: expected 64 hex digits, got "3f"',
    ],
    ["init: { kind: file, path: a }, init_std: 1", "init_std: give init or init_std, not both"],
    [
      "init: { kind: file, path: a }, parametrization: ntk",
      "init: a file's weights have no deviation that ntk could scale",
    ],
    ["init: normal", 'init: expected {kind: normal, std: …}, got "normal"'],
    ["init: { kind: normal, std: [1] }", "init.std: expected 2 numbers, one a layer, got 1"],
    [
      "init: { kind: normal, std: [1, -1] }",
      "init.std[1]: expected a number from 0 to 1000, got -1",
    ],
  ])("%s", (written, message) => {
    expect(problem(init(written))).toContain(` model.${message}`);
  });

  test("a file of weights", () => {
    const file = { kind: "file", path: "a.npz" };
    expect(modelOf("init: { kind: file, path: a.npz }")).toStrictEqual({ hidden: [4], init: file });
    const parameters = "3f".repeat(32);
    expect(modelOf(`init: { kind: file, path: a.npz, parameters: ${parameters} }`)).toStrictEqual({
      hidden: [4],
      init: { ...file, parameters },
    });
  });

  test("layer_rates of 1 leave no trace, nor does standard", () => {
    for (const rates of ["[1, 1]", "{ weights: [1, 1], biases: [1, 1] }"])
      expect(parseStudy(text("", `, layer_rates: ${rates}`), "mine.yaml", CATALOGUE)).toStrictEqual(
        plain,
      );
    expect(modelOf("init_std: 0.1, parametrization: standard")).toStrictEqual(plain.model);
    expect(modelOf("init_std: 0.1, parametrization: { kind: ntk }").parametrization).toBe("ntk");
  });

  test.each([
    ["", ", layer_rates: [1]", "training.layer_rates: expected 2 factors, one a layer, got 1"],
    [
      "",
      ", layer_rates: 3",
      "training.layer_rates: expected a list of numbers, one a layer, got 3",
    ],
    [
      "",
      ", layer_rates: { weights: [1, 2], biases: [1] }",
      "training.layer_rates.biases: expected 2 factors, one a layer, got 1",
    ],
    [
      "",
      ", layer_rates: [1, -1]",
      "training.layer_rates[1]: expected a number from 0 to 1e6, got -1",
    ],
    [
      ", parametrization: { kind: mup, base_width: 8 }",
      "",
      'model.hidden: mup scales with the swept width: every hidden layer must be "width"',
    ],
    [
      ", parametrization: mup",
      "",
      'model.parametrization: expected {kind: mup, base_width: …}, got "mup"',
    ],
  ])("%s%s", (model, training, message) => {
    expect(problem(text(model, training))).toContain(` ${message}`);
  });

  test("schedules, with their settings", () => {
    const trainingOf = (written: string) =>
      parseStudy(text("", `, schedule: ${written}`), "mine.yaml", CATALOGUE).training;
    expect(trainingOf("constant")).toStrictEqual(plain.training);
    const schedules = [
      { kind: "cosine", passes: 9 },
      { kind: "inverse square root" },
      { kind: "steps", at: [50, 75], factor: 0.1 },
    ];
    for (const schedule of schedules)
      expect(trainingOf(JSON.stringify(schedule)).schedule).toStrictEqual(schedule);
    expect(problem(text("", ", schedule: cosine"))).toContain(
      " training.schedule: expected {kind: cosine, passes: …}",
    );
  });

  test("torch's weights have no deviation to scale", () => {
    expect(problem(init("init: torch, parametrization: ntk"))).toContain(
      " model.init: torch's weights have no deviation that ntk could scale",
    );
  });

  test("another initialization than the notebook's needs named streams", () => {
    const notebook = "streams: { kind: notebook, numpy_seed: 1, torch_seed: 0 }\n";
    expect(problem(init("init_std: 1, parametrization: ntk") + notebook)).toContain(
      " model.parametrization: needs named streams",
    );
    expect(problem(text("", ", order: shuffled") + notebook)).toContain(
      " training.order: needs named streams",
    );
    for (const written of [
      ...["init: he", "init: torch", "init: { kind: normal, std: [1, 2] }"],
      "init: { kind: file, path: a }",
    ])
      expect(problem(init(written) + notebook)).toContain(
        " model.init: needs named streams: write streams:",
      );
  });

  test("names that a table does not have are told what it has", () => {
    expect(problem(text(", activation: softminus", ""))).toBe(
      `mine.yaml:5:50 model.activation: expected ${Object.keys(MODEL_PARTS.activation.table).join(" or ")}, got "softminus"`,
    );
  });
});

test("streams with seeds are named ones, whether they say so or not", () => {
  const streams = (text: string) =>
    parseStudy(HOMEWORK.replace(/streams:[^]*/, text), "a.yaml", CATALOGUE).streams;
  expect(streams("streams: { seeds: 0..2 }")).toEqual(
    streams("streams: { kind: named, seeds: 0..2 }"),
  );
  expect(streams("streams: { study_seed: 4 }")).toEqual({
    kind: "named",
    study_seed: 4,
    seeds: [0],
  });
});
