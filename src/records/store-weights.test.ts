// The contract of every store: weights, what optimizers keep, and checkpoints.

import { describe, expect, test } from "vitest";
import { update, wholeTrial, keyOf, parametersOf, plan } from "../../test/support/updates.ts";
import { STORES } from "../../test/support/stores.ts";
import { WidthwiseError } from "../base/errors.ts";

const key = keyOf();

describe.each(STORES)("a store %s", (_, open) => {
  test("keeps the weights of the newest pass, and of those that a study asks for", async () => {
    const store = open();
    await store.plan(plan(2));
    await store.commit(update(0, 2));
    await store.commit(update(3, 4));
    await store.commit(update(5, 6));
    expect((await store.trials([key]))[0]?.weights).toEqual([2, 6]);
    expect(await store.parameters(key, 2)).toEqual(parametersOf(2));
    expect(await store.parameters(key, 4)).toBeNull();
  });

  test("keeps the weights of a network without biases", async () => {
    const store = open();
    const biases = [new Float32Array(0), new Float32Array(0)];
    const parameters = { ...parametersOf(2), biases };
    const made = update(0, 2);
    await store.commit({ ...made, checkpoint: { ...made.checkpoint, parameters } });
    expect(await store.parameters(key, 2)).toEqual(parameters);
  });

  test.each([
    ["momentum", 1, true],
    ["Adam", 2, true],
    ["Adam without biases", 2, false],
  ])("keeps the optimizer's state: %s", async (_, states, hasBiases) => {
    const store = open();
    const of = (pass: number) =>
      hasBiases
        ? parametersOf(pass)
        : { ...parametersOf(pass), biases: [new Float32Array(0), new Float32Array(0)] };
    const at = (pass: number) => ({
      ...update(0, pass).checkpoint,
      parameters: of(pass),
      state: Array.from({ length: states }, (_, place) => of(10 * pass + place)),
    });
    await store.plan(plan(2));
    await store.commit({ ...update(0, 2), checkpoint: at(2) });
    await store.commit({ ...update(3, 4), checkpoint: at(4) });
    expect((await store.resume(key))?.checkpoint).toEqual(at(4));
    expect(await store.checkpoint(key, 2)).toEqual(at(2));
    expect(await store.parameters(key, 2)).toEqual(of(2));
    await store.addCheckpoint(key, at(3));
    expect(await store.checkpoint(key, 3)).toEqual(at(3));
    expect(await store.checkpoint(key, 1)).toBeNull();
    await store.keepWhole([{ ...wholeTrial(4), checkpoint: at(4) }]);
    expect((await store.resume(key))?.checkpoint).toEqual(at(4));
    const full = (await store.studyTotals(plan(2).id)).bytes;
    await store.keepWhole([{ ...wholeTrial(4), checkpoint: { ...at(4), state: [] } }]);
    // As float32, beside each weight.
    const values = hasBiases ? 14 : 10;
    expect(full - (await store.studyTotals(plan(2).id)).bytes).toBeGreaterThanOrEqual(
      4 * values * states,
    );
  });

  test("adds the checkpoint of a pass that it keeps, and of no other", async () => {
    const store = open();
    await store.plan(plan(2));
    await store.commit(update(0, 4));
    await store.addCheckpoint(key, update(0, 2).checkpoint);
    await store.commit(update(5, 5));
    expect((await store.trials([key]))[0]?.weights).toEqual([2, 5]);
    expect(await store.parameters(key, 2)).toEqual(parametersOf(2));
    expect(await store.gaps()).toEqual([]);
    const { checkpoint } = update(0, 6);
    await expect(store.addCheckpoint(key, checkpoint)).rejects.toThrow(/has no pass 6 to keep/);
    await expect(store.addCheckpoint(keyOf(9), checkpoint)).rejects.toThrow(WidthwiseError);
  });
});
