// Reports of questions about what is measured along a training, trained anew from their files alone.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/widthwise.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "widthwise-questions-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function widthwise(...line: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...line], {
    cwd: folder,
    env: { ...process.env, WIDTHWISE_STORE: join(folder, "store.db") },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const STUDY = `name: edge
question: What do its numbers do on the way?
dataset: { name: mnist-1d, examples: 40 }
model: { hidden: [width], init: lecun }
training: { learning_rate: 0.25, passes: 4, batch: full }
sweep: { width: [4, 8] }
measure: [sharpness, preactivations, predictions]
ask:
  - sharpness
  - { name: coordinate-check, passes: 2 }
  - { name: final-metric, of: sharpness, at: best }
  - { name: learning-rate, by: not finite, ratio: 2 }
`;

test("what reports tell of measurements along a training is what training gives, and no other", () => {
  writeFileSync(join(folder, "edge.yaml"), STUDY);
  expect(widthwise("run", "./edge.yaml", "--out", "edge")).toMatchObject({ status: 0 });
  const report = join(folder, "edge", "report.html");
  expect(widthwise("verify", report, "--all")).toMatchObject({ status: 0 });
  const page = readFileSync(report, "utf8");
  const told = /"reached": *\{[^}]*\}/.exec(page)?.[0] ?? "";
  expect(told).not.toBe("");
  writeFileSync(report, page.replace(told, told.replace(/"value": *[^,]*/, '"value":3')));
  const { status, stderr } = widthwise("verify", report, "--all");
  expect([status, stderr]).toEqual([
    1,
    expect.stringContaining("what it tells as sharpness is not what training gives"),
  ]);
}, 60_000);
