import { expect, test } from "vitest";
import { evaluation, update, keyOf, specification } from "../../../../test/support/updates.ts";
import { store, FIRST, SECOND, run } from "../../../../test/cli/kept-store.ts";
import { accuracyPercent } from "../../../base/numbers.ts";
import { trialKey } from "../../../records/fingerprint.ts";
import { sha256 } from "../../../base/sha256.node.ts";

test("show STUDY: its trials, and how far they are", async () => {
  const { code, out } = await run("show", SECOND.id.slice(0, 8));
  expect(code).toBe(0);
  expect(out()).toContain(SECOND.id);
  expect(out()).toMatch(
    new RegExp(`${keyOf(3).slice(0, 12)}  sweep +2 +3 +0\\.005 +6/6  finished `),
  );
  expect(out()).toMatch(
    new RegExp(`${keyOf(5).slice(0, 12)}  sweep +2 +5 +0\\.005 +5/6  unfinished `),
  );
});

test("show STUDY: a trial that went on for another study is told as far as this one asks", async () => {
  const { train, test: other } = evaluation(2);
  const { out } = await run("show", FIRST.id.slice(0, 8));
  const accuracies = [train, other].map((score) => accuracyPercent(score)).join(" +");
  expect(out()).toMatch(
    new RegExp(`${keyOf(3).slice(0, 12)}  sweep +2 +3 +0\\.005 +2/2  finished +${accuracies}\n`),
  );
});

test("show KEY: how its examples were chosen", async () => {
  const data = {
    ...specification(9).data,
    part: { of: 5, index: 1 },
    label_noise: { probability: 0.2, kind: "redrawn" },
    standardize: "whole",
  } as const;
  const chosen = { ...specification(9), data };
  const key = trialKey(chosen, sha256);
  await store.commit({ ...update(0, 1, { seed: 9 }), key, specification: chosen });
  expect((await run("show", key)).out()).toMatch(
    /\n +part +of 5, index 1\n +label noise +probability 0\.2, kind redrawn\n +standardize +whole\n/,
  );
});

test("show KEY: what it trains by, where that is not the default", async () => {
  const plain = specification(9);
  const chosen = {
    ...plain,
    model: { ...plain.model, activation: "tanh" },
    training: {
      ...plain.training,
      layer_rates: { weights: [1, 0.5], biases: [1, 1] },
      optimizer: { kind: "sgd", momentum: 0.9, nesterov: true },
      batch: 32,
      order: "shuffled",
    },
  } as const;
  const key = trialKey(chosen, sha256);
  await store.commit({ ...update(0, 0, { seed: 9 }), key, specification: chosen });
  expect((await run("show", key)).out()).toMatch(
    /\n +activation +tanh\n[^]*\n +regularization +0\n +layer rates +weights 1, 0\.5, biases 1, 1\n +optimizer +kind sgd, momentum 0\.9, nesterov true\n +batch +32\n +order +shuffled\n/,
  );
  expect((await run("show", keyOf(3))).out()).toMatch(/ regularization +0\n +training set /);
});

test("show KEY: one trial in full", async () => {
  const { code, out } = await run("show", keyOf(3).slice(0, 6));
  expect(code).toBe(0);
  expect(out()).toContain(`trial ${keyOf(3)}\n`);
  expect(out()).toMatch(
    /asked for by +other 0f0f0f0f0f0f, 4 passes\n +mine \w+, 6 passes\n +mine \w+, 2 passes\n/,
  );
  expect(out()).toMatch(/weights +after pass 2, 4, 6\n/);
  expect(out()).toMatch(/\n +6 +0 +2\.40% +0\.286 +5\.00%\n$/);
  const { out: json } = await run("show", keyOf(4), "--json");
  expect(JSON.parse(json())).toMatchObject([
    {
      key: keyOf(4),
      outcome: "diverged",
      ending: { pass: 2, step: 7 },
      trajectory: [{ pass: 0 }, { pass: 1 }],
    },
  ]);
});
