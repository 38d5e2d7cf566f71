// Looking at a store, and writing out what it has, while a run is writing into it.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/widthwise.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "widthwise-kept-"));
const env = { ...process.env, WIDTHWISE_STORE: join(folder, "store.db") };

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function widthwise(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    ...{ cwd: folder, env, encoding: "utf8" },
  });
  expect([status, stderr], args.join(" ")).toEqual([0, ""]);
  return stdout;
}

interface List {
  readonly studies: readonly { readonly trials: number; readonly ended: number }[];
}

test("list, show and export see each commit of a run under way, and do not disturb it", async () => {
  const args = ["run", "homework", "--widths", "8,12,16,40,48,56", "--passes", "8", "--seeds", "0"];
  const run = spawn(process.execPath, [BIN, ...args, "--workers", "1", "--json"], {
    cwd: folder,
    env,
  });
  let printed = "";
  run.stdout.on("data", (piece: Buffer) => (printed += piece.toString()));
  const ended = new Promise((resolve) => run.on("close", resolve));
  const seen = new Set<number>();
  while (run.exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { studies } = JSON.parse(widthwise("list", "--json")) as List;
    // Before the sweep is planned nothing of it can be exported.
    if (studies.at(0)?.trials !== 3 + 6 || studies[0].ended < 4) continue;
    const rows = widthwise("export", "homework").trimEnd().split("\r\n").slice(1);
    expect(rows.every((row) => row.split(",").length === 39)).toBe(true);
    seen.add(rows.length);
    widthwise("show", "homework");
  }
  expect(await ended).toBe(0);
  expect(seen.size, "different numbers of rows while it ran").toBeGreaterThan(1);
  const whole = widthwise("export", "homework").trimEnd().split("\r\n");
  expect(whole).toHaveLength(1 + 6 * 9);
  const { fingerprints } = JSON.parse(printed) as { fingerprints: Record<string, string> };
  expect(whole[9].split(",").at(27)).toBe(fingerprints["8"]);
}, 180_000);
