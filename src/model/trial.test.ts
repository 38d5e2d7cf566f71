import { expect, test } from "vitest";
import { allNames, isDefault, MODEL_PARTS, TRAINING_PARTS } from "./parts.ts";
import { specificationOf } from "./trial.ts";

const streams = { kind: "named", study_seed: 0, seed: 0 } as const;
const data = { dataset: "", train_examples: 4 };
const model = { hidden: [3], init_std: 1 };
const training = { learning_rate: 1, regularization: 0 };
// What was hashed before there was a choice.
const canonical = { numerics: 1, data, model, training, streams };

test("a specification leaves out what has the value of before there was a choice", () => {
  const named = specificationOf({
    data,
    model: {
      ...model,
      perturbation: undefined,
      activation: "relu",
    },
    training: {
      ...training,
      objective: "cross-entropy",
      optimizer: { kind: "sgd", momentum: 0 },
      batch: 1,
      order: "with replacement",
    },
    streams,
  });
  expect(named).toStrictEqual(canonical);
  expect(specificationOf({ data, model, training, streams })).toStrictEqual(canonical);
});

test("and keeps everything else", () => {
  const perturbed = { ...model, perturbation: 1 };
  expect(specificationOf({ data, model: perturbed, training, streams }).model).toStrictEqual(
    perturbed,
  );
  for (const activation of allNames(MODEL_PARTS.activation)) {
    if (isDefault(MODEL_PARTS.activation, activation)) continue;
    const asked = { ...model, activation };
    expect(specificationOf({ data, model: asked, training, streams }).model).toStrictEqual(asked);
  }
});

test("biases are named where there are none", () => {
  const without = { ...model, bias: false } as const;
  expect(specificationOf({ data, model: without, training, streams }).model).toStrictEqual(without);
});

test("deviations that are one number are that number; others and torch's are kept", () => {
  const of = (changes: object) =>
    specificationOf({ data, model: { hidden: [3], ...changes }, training, streams }).model;
  expect(of({ init_std: [1, 1] })).toStrictEqual(model);
  expect(of({ init_std: [1, 2] })).toStrictEqual({ ...model, init_std: [1, 2] });
  expect(of({ init: "torch" })).toStrictEqual({ hidden: [3], init: "torch" });
});

test("the notebook drew normal weights of one deviation", () => {
  const notebook = { kind: "notebook", numpy_seed: 1, torch_seed: 0, after: [] } as const;
  for (const changes of [{ init_std: [1, 2] }, { init: "torch" } as const]) {
    const asked = { hidden: [3], ...changes };
    expect(() => specificationOf({ data, model: asked, training, streams: notebook })).toThrow(
      /init needs named streams: write streams:/,
    );
  }
});

test("the notebook drew with replacement", () => {
  const notebook = { kind: "notebook", numpy_seed: 1, torch_seed: 0, after: [] } as const;
  const asked = { ...training, order: "shuffled" } as const;
  expect(() => specificationOf({ data, model, training: asked, streams: notebook })).toThrow(
    /order needs named streams: write streams:/,
  );
});

test("an optimizer and a batch are kept, without what has its default", () => {
  const of = (changes: object) =>
    specificationOf({ data, model, training: { ...training, ...changes }, streams }).training;
  const nesterov = { kind: "sgd", momentum: 0.5, nesterov: true };
  const adam = { kind: "adam", beta1: 0, beta2: 0.5, epsilon: 1 };
  expect(of({ optimizer: nesterov, batch: 4 })).toStrictEqual({
    ...training,
    optimizer: nesterov,
    batch: 4,
  });
  expect(of({ optimizer: { ...nesterov, momentum: 0 } })).toStrictEqual(training);
  expect(of({ optimizer: { ...adam, weight_decay: 0 } })).toStrictEqual({
    ...training,
    optimizer: adam,
  });
});

test("an activation that nothing passes through is left out", () => {
  const softmax = { ...model, hidden: [] };
  const asked = { ...softmax, activation: "tanh" } as const;
  expect(specificationOf({ data, model: asked, training, streams }).model).toStrictEqual(softmax);
});

test("the defaults are those of before there was a choice: changing one changes every key", () => {
  const defaults = (kinds: Readonly<Record<string, { readonly byDefault: string }>>) =>
    Object.fromEntries(Object.entries(kinds).map(([kind, { byDefault }]) => [kind, byDefault]));
  expect(defaults(MODEL_PARTS)).toEqual({
    activation: "relu",
  });
  expect(defaults(TRAINING_PARTS)).toEqual({
    objective: "cross-entropy",
    order: "with replacement",
  });
});
