// Every part of a model and of its training by its name, and the settings that some have.

import { describe, expect, test } from "vitest";
import { problem } from "../../../test/support/study-text.ts";
import { MODEL_PARTS, TRAINING_PARTS } from "../../model/parts.ts";
import { parseStudy } from "./parse.ts";
import { CATALOGUE } from "../../questions/catalogue.ts";

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
