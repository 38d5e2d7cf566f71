// The short form of what else may happen to a store; `npm run test:reliability` is the long one.

import { beforeAll, expect, test } from "vitest";
import { clockSetBack } from "./clock.mjs";
import { fullDisk, limitedFiles } from "./disk-full.mjs";
import { expected, type Expected } from "./expected.mjs";
import { readOnly } from "./read-only.mjs";
import { runAll } from "./together.mjs";

const PATIENCE = { timeout: 600_000 };
const POSIX = process.platform !== "win32";

let whole: Expected;
beforeAll(async () => {
  whole = await expected();
});

test.for([
  ["a full file system", fullDisk],
  ["a limit on the size of files", limitedFiles],
] as const)("%s is told, and leaves a store that goes on", PATIENCE, async ([, run], { skip }) => {
  const seen = await run({ seed: 1, expected: whole, tries: 2 });
  if (typeof seen === "string") return skip(seen);
  expect(seen).toMatchObject({ tries: 2, failures: 2 });
  expect(seen.afterFirstCheckpoint).toBeGreaterThan(0);
});

test.runIf(POSIX)(
  "read-only folders and files are refused, and left as they are",
  PATIENCE,
  readOnly,
);

test("two processes train each pass once", PATIENCE, async () => {
  expect((await runAll(whole, 2)).twice).toBe(0);
});

test("of two processes, one takes over what the killed one trained", PATIENCE, async () => {
  const { trained } = await runAll(whole, 2, { dieAt: 20 });
  expect(Math.min(...trained)).toBeGreaterThan(0);
});

test("the clock may be set back", PATIENCE, () => clockSetBack({ expected: whole }));
