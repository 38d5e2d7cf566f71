// The packed package, installed into an empty folder as a user would: its library and its command.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "widthwise-package-"));
const home = join(folder, "node_modules", "widthwise");

beforeAll(() => {
  // dist is built already; building it again here would pull it away from under other tests.
  execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], {
    cwd: root,
  });
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "no archive";
  mkdirSync(home, { recursive: true });
  execFileSync("tar", ["-xzf", join(folder, archive), "-C", home, "--strip-components=1"]);
  // What `npm install` would fetch lies in the repository already.
  symlinkSync(join(root, "node_modules"), join(home, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a small study runs from the library", () => {
  writeFileSync(
    join(folder, "small.mjs"),
    `import * as widthwise from "widthwise";
    const study = widthwise.parseStudy(\`
name: small
question: Does it run from the package?
dataset: { name: fashion-mnist, fraction: 0.01 }
model: { hidden: [width], init_std: 0.01 }
training: { learning_rate: 0.005, passes: 2 }
sweep: { width: [4, 9] }
streams: { kind: named, seeds: [1] }
\`, "small.yaml");
    const { dataset } = await widthwise.loadFashionMnist();
    const { sha256, MemoryStore } = widthwise;
    const pool = await widthwise.createNodePool({ dataset, workers: 1, sha256 });
    const result = await widthwise.runStudy(study, { dataset, pool, store: new MemoryStore(), sha256 });
    await pool.close();
    console.log(JSON.stringify(result.outcomes.map(({ width, record }) => [width, record.trajectory.length])));`,
  );
  const output = execFileSync("node", ["small.mjs"], { cwd: folder, encoding: "utf8" });
  expect(JSON.parse(output)).toEqual([
    [4, 3],
    [9, 3],
  ]);
});

test("the command runs under plain node", () => {
  const bin = join(home, "bin", "widthwise.js");
  const output = execFileSync("node", [bin, "--help"], { cwd: folder, encoding: "utf8" });
  expect(output).toContain("Usage: widthwise");
});
