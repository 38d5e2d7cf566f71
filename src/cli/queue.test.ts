import { expect, test } from "vitest";
import { sourceHere, sourceIn } from "./queue.ts";

test("a second file lies beside the worker's own, whatever a job says of either's place", async () => {
  const here = async (path: string, test: string) =>
    sourceHere(await sourceIn({ path, test }), "/here/file.csv");
  for (const name of ["tests.csv", "/theirs/tests.csv", "..\\..\\tests.csv", "C:\\tests.csv"])
    for (const path of ["file.csv", "/etc/passwd"])
      expect(await here(path, name)).toEqual({ path: "/here/file.csv", test: "/here/tests.csv" });
  expect(await sourceIn({ path: "/theirs/mine.csv" })).toEqual({ path: "mine.csv" });
  expect(sourceHere({ path: "mine.csv" }, undefined)).toBe(null);
});

test.each([
  { path: "a", test: ".." },
  { path: "a", test: "/" },
  { path: "a", test: "a/." },
  { test: "a" },
  { name: "mnist", path: "/etc/passwd" },
  "nothing",
  null,
])("what names no data set, or no file, is refused: %j", async (said) => {
  await expect(sourceIn(said)).rejects.toThrow("names no data set");
});
