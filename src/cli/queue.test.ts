import { expect, test } from "vitest";
import { sourceHere } from "./queue.ts";

test("a second file lies beside the worker's own, whatever a job says of its place", async () => {
  const here = (name: string) => sourceHere({ test: name }, "/here/file.csv");
  for (const name of ["tests.csv", "/theirs/tests.csv", "..\\..\\tests.csv", "C:\\tests.csv"])
    expect(await here(name)).toEqual({ path: "/here/file.csv", test: "/here/tests.csv" });
});

test.each([
  { test: ".." },
  { test: "/" },
  { test: "a/." },
  { path: "/etc/passwd" },
  "nothing",
  null,
])("what names no file, or one of its worker's, is refused: %j", async (said) => {
  await expect(sourceHere(said, "/here/file.csv")).rejects.toThrow("names no data set");
});
