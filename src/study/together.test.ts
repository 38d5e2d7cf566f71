import { expect, test } from "vitest";
import { together } from "./together.ts";

test("returns when all have ended", async () => {
  const done: number[] = [];
  await together(
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
  await expect(together(works, undefined)).rejects.toBe(first);
  expect(stopped).toBe(true);
});

test("an interruption from outside stops all", async () => {
  const controller = new AbortController();
  const running = together([({ aborted }) => aborted], controller.signal);
  controller.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
  await expect(together([], controller.signal)).rejects.toThrow("enough");
});
