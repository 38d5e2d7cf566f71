// Claims of several trials at once, among those who have opened one store.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sha256 } from "../../src/base/sha256.node.ts";
import { SqliteStore } from "../../src/records/sqlite/sqlite-store.node.ts";
import { keyOf } from "../support/updates.ts";

const folder = mkdtempSync(join(tmpdir(), "widthwise-claims-"));
const path = join(folder, "store.db");
const claims = `${path}-claims`;
beforeEach(() => mkdirSync(folder, { recursive: true }));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function open(): SqliteStore {
  const trainer = { machine: "", versions: "" };
  return new SqliteStore(path, { sha256, trainer, onDamage: (message) => expect.fail(message) });
}

test("others get what is not claimed of what they ask for, each trial of a batch being claimed", async () => {
  const [one, other] = [open(), open()];
  const [a, b, c, d] = [1, 2, 3, 4].map(keyOf);
  const first = await one.claim(a, b, c);
  expect(first?.keys).toEqual([a, b, c]);
  for (const key of [a, b, c]) expect(await other.claim(key)).toBeNull();
  const second = await other.claim(b, d);
  expect(second?.keys).toEqual([d]);
  await first?.release();
  const third = await other.claim(c, b, d);
  expect(third?.keys).toEqual([c, b]);
  expect(await one.claim(b)).toBeNull();
  await second?.release();
  await third?.release();
  expect(existsSync(claims)).toBe(false);
  await one.close();
  await other.close();
});

test("what a killed process has left claims nothing, and is taken away", async () => {
  const [one, other] = [open(), open()];
  const [a, b] = [1, 2].map(keyOf);
  await (await one.claim(keyOf(3)))?.release();
  const kept = await one.claim(keyOf(4));
  writeFileSync(join(claims, a), "");
  writeFileSync(join(claims, `${a}.trials`), `${a}\n${b}`);
  const claim = await other.claim(b);
  expect(claim?.keys).toEqual([b]);
  expect(readdirSync(claims).sort()).toEqual([b, keyOf(4)].sort());
  await claim?.release();
  await kept?.release();
  await one.close();
  await other.close();
});
