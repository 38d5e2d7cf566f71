import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stage } from "../../../../test/cli/fakes.ts";
import {
  folder,
  FIRST,
  SECOND,
  OTHER,
  store,
  THERE,
  run,
} from "../../../../test/cli/kept-store.ts";
import { main } from "../../main.ts";

test("list: a line for each study, the newest first, and what is nobody's", async () => {
  const { code, out } = await run("list");
  expect(code).toBe(0);
  const lines = out().split("\n");
  expect(lines[0]).toMatch(/^study +id +planned +trials +outcome +size$/);
  expect(lines[1]).toMatch(
    /^other +0f0f0f0f0f0f +\d{4}-\d\d-\d\d \d\d:\d\d +1\/1 +unfinished +\d+ B$/,
  );
  expect(lines[2]).toMatch(new RegExp(`^mine +${SECOND.id.slice(0, 12)} .* 1/2 +unfinished `));
  expect(lines[3]).toMatch(new RegExp(`^mine +${FIRST.id.slice(0, 12)} .* 2/2 +1 diverged `));
  expect(lines[5]).toMatch(/^3 studies, 4 trials, \d+ B in /);
  expect(lines[6]).toBe("1 trial that no study asks for: see widthwise gc");
  expect(Math.max(...lines.slice(0, 5).map(({ length }) => length))).toBeLessThanOrEqual(80);
});

test("a study that is run again comes first, as in ls -t", async () => {
  await store.plan(FIRST);
  const { out } = await run("list");
  expect(
    out()
      .split("\n")
      .slice(1, 4)
      .map((line) => line.split(/ +/)[1]),
  ).toEqual([FIRST, OTHER, SECOND].map(({ id }) => id.slice(0, 12)));
  const help = (await run("list", "--help")).out().replaceAll(/\s+/g, " ");
  expect(help).toContain("The study that was run last comes first, as in ls -t");
});

test("list --json", async () => {
  const { out } = await run("list", "--json");
  expect(JSON.parse(out())).toMatchObject({
    store: THERE,
    trials: 4,
    unasked: 1,
    studies: [
      { name: "other", id: OTHER.id, finished: null, trials: 1, ended: 1 },
      { name: "mine", id: SECOND.id, trials: 2, ended: 1, diverged: 0 },
      { name: "mine", id: FIRST.id, fingerprint: "ab".repeat(32), ended: 2, diverged: 1 },
    ],
  });
});

test("a store that is not there is listed as empty, and made by none of them", async () => {
  const path = join(folder, "none.db");
  const listed = stage();
  expect(await main(["list", "--store", path], listed.context)).toBe(0);
  expect(listed.out()).toBe(`nothing is kept yet in ${path}\n`);
  for (const args of [["show", "x"], ["export"], ["remove", "x"], ["gc"]]) {
    const { context, err } = stage();
    expect(await main([...args, "--store", path], context)).toBe(2);
    expect(err()).toMatch(/there is none yet; widthwise run makes it/);
  }
  expect(readdirSync(folder)).toEqual([]);
});
