import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { runAll, stopOf, type Stop } from "./run-all.ts";

const never = new Promise<never>(() => undefined);

test("returns when all have ended", async () => {
  const done: number[] = [];
  await runAll(
    [1, 2].map((number) => () => Promise.resolve(done.push(number)).then(() => undefined)),
    undefined,
  );
  expect(done).toEqual([1, 2]);
});

test("one that fails stops the others, and is what is thrown when they have stopped", async () => {
  const first = new Error("the first");
  let stopped = false;
  const works = [
    () => Promise.reject(first),
    async ({ unlessStopped }: Stop) => {
      await unlessStopped(never).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 10));
      stopped = true;
      throw new Error("the second");
    },
  ];
  await expect(runAll(works, undefined)).rejects.toBe(first);
  expect(stopped).toBe(true);
});

test("an interruption from outside stops all", async () => {
  const controller = new AbortController();
  const running = runAll([({ unlessStopped }) => unlessStopped(never)], controller.signal);
  controller.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
  await expect(runAll([], controller.signal)).rejects.toThrow("enough");
});

test("what was waited for is not held until all works have ended", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const { unlessStopped } = stopOf(new AbortController().signal);
  const waitFor = async () => new WeakRef(await unlessStopped(Promise.resolve({ weights: [] })));
  const held = [await waitFor(), await waitFor()];
  await new Promise((resolve) => setTimeout(resolve));
  collect();
  expect(held.map((one) => one.deref())).toEqual([undefined, undefined]);
});

test("what comes after the interruption is nobody's, whether it fails or not", async () => {
  const controller = new AbortController();
  const { unlessStopped } = stopOf(controller.signal);
  const fail = unlessStopped(
    new Promise((_, reject) => {
      setTimeout(() => {
        reject(new Error("later"));
      });
    }),
  );
  controller.abort(new Error("enough"));
  await expect(fail).rejects.toThrow("enough");
  await expect(unlessStopped(Promise.reject(new Error("later")))).rejects.toThrow("enough");
  await new Promise((resolve) => setTimeout(resolve, 5));
});
