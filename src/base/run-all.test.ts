import { expect, test } from "vitest";
import { runAll } from "./run-all.ts";

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
    async ({ aborted }: { aborted: Promise<never> }) => {
      await aborted.catch(() => undefined);
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
  const running = runAll([({ aborted }) => aborted], controller.signal);
  controller.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
  await expect(runAll([], controller.signal)).rejects.toThrow("enough");
});
