// What is taken for a zip bomb.

import { expect, test } from "vitest";
import { checkUnpacked } from "./room.ts";

test.each<[string, number, number, RegExp | null]>([
  ["an image set, packed as it packs", 47_000_000, 26_000_000, null],
  ["small and blank", 2 ** 27, 2 ** 18, null],
  [
    "large and blank",
    2 ** 27 + 1,
    2 ** 18,
    /as a zip bomb does; if it is none, save it uncompressed/,
  ],
  ["large, and a hundred times its size", 100 * 2 ** 21, 2 ** 21, null],
  ["more than deflate reaches", 2 ** 30, 1000, /which no compression of it can/],
])("%s", (_, bytes, packed, problem) => {
  const check = () => {
    checkUnpacked(bytes, packed, "a.npz");
  };
  if (problem === null) check();
  else expect(check).toThrow(problem);
});
