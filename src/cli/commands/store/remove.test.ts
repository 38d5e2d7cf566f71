// What is taken out of a store, and what stays until it is collected.

import { expect, test } from "vitest";
import { keyOf } from "../../../../test/support/updates.ts";
import { store, FIRST, SECOND, OTHER, run } from "../../../../test/cli/kept-store.ts";

test("remove: says what, and leaves the trials of a study to gc", async () => {
  const dry = await run("remove", FIRST.id, keyOf(6), "--dry-run");
  expect(dry.out()).toMatch(
    /^would remove study mine \w{12} \(planned .* UTC\); its 2 trials stay until widthwise gc\nwould remove trial \w{12} \(no study asks for it\)\n$/,
  );
  expect(await store.studies()).toHaveLength(3);
  const done = await run("remove", FIRST.id, keyOf(6), "--json");
  expect(JSON.parse(done.out())).toEqual({
    dry_run: false,
    studies: [FIRST.id],
    trials: [keyOf(6)],
  });
  expect((await store.studies()).map(({ id }) => id)).toEqual([OTHER.id, SECOND.id]);
  expect((await store.trials()).map(({ key }) => key)).toEqual([3, 4, 5].map(keyOf));
  const collected = await run("gc");
  expect(collected.out()).toMatch(
    /^removed 1 trial and 1 set of weights that no study asks for\n\d+ B before, \d+ B after\n$/,
  );
  expect((await store.trials()).map(({ key, weights }) => [key, weights])).toEqual([
    [keyOf(3), [4, 6]],
    [keyOf(5), [5]],
  ]);
});

test("remove --all: every study of a name, which the refusal without it tells", async () => {
  const refused = await run("remove", "mine");
  expect([refused.code, refused.err()]).toEqual([
    2,
    `"mine" means 2 things: study mine ${SECOND.id.slice(0, 12)}, study mine ${FIRST.id.slice(0, 12)}; name one by its digits, or all of these studies by --all\n`,
  ]);
  const dry = await run("remove", "mine", "--all", "--dry-run");
  expect(dry.out().match(/would remove study mine/g)).toHaveLength(2);
  expect(await store.studies()).toHaveLength(3);
  expect((await run("remove", "mine", "--all")).code).toBe(0);
  expect((await store.studies()).map(({ name }) => name)).toEqual(["other"]);
});

test("remove: nothing where a word is ambiguous, means nothing, or is being trained", async () => {
  for (const words of [["mine"], ["other", "nothing"]]) {
    const { code } = await run("remove", ...words);
    expect(code).toBe(2);
  }
  expect(await store.studies()).toHaveLength(3);
  await store.claim(keyOf(3));
  const { code, err } = await run("remove", keyOf(3));
  expect(code).toBe(2);
  expect(err()).toMatch(/is being trained now; stop that run first\n$/);
});
