// Studies of the user's own files, as a user runs them: found again where they lay, and told of where they do not.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/widthwise.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "widthwise-own-data-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function widthwise(line: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...line.split(" ")], {
    cwd: folder,
    env: { ...process.env, WIDTHWISE_STORE: join(folder, "store.db") },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const rows = Array.from({ length: 60 }, (_, i) => `${i % 3},${(i * i) % 7},${(i % 3) / 4}`);
const text = (lines: readonly string[]) => ["species,a,b", ...lines, ""].join("\n");

test("a CSV file beside the study is trained on, found again, and asked for where it is gone or changed", () => {
  writeFileSync(join(folder, "flowers.csv"), text(rows));
  const dataset = "{ path: flowers.csv, label: species, test: { share: 0.2 } }";
  const study = [
    "name: flowers",
    "question: How wide?",
    `dataset: ${dataset}`,
    "model: { hidden: [width], init_std: 0.1 }",
    "training: { learning_rate: 0.01, passes: 2 }",
    "sweep: { width: [2, 3] }",
  ];
  writeFileSync(join(folder, "flowers.yaml"), study.join("\n"));
  const refused = widthwise("run ./flowers.yaml --set dataset.standardize=unit --dry-run");
  expect([refused.status, refused.stdout]).toEqual([2, ""]);
  expect(refused.stderr).toContain("standardize: unit divides bytes by 255");
  const first = widthwise("run ./flowers.yaml --json");
  expect(first.stderr).not.toContain("bug");
  expect(first.status).toBe(0);
  const { fingerprint } = JSON.parse(first.stdout) as { fingerprint: string };
  expect(widthwise("verify ./flowers.yaml").stdout).toContain("2 of 2 trials match to the bit");

  // Its report names them as seen from its own folder, and is verified from there.
  const report = join("runs", "flowers", "report.html");
  const page = readFileSync(join(folder, report), "utf8");
  expect(page).toContain("path: ../../flowers.csv");
  expect(page).not.toContain(folder);
  expect(widthwise(`verify ./${report}`).stdout).toContain("2 of 2 trials match to the bit");

  // Elsewhere it is the same study.
  renameSync(join(folder, "flowers.csv"), join(folder, "moved.csv"));
  for (const kept of ["flowers", "runs/flowers/report.html"]) {
    const gone = widthwise(`verify ${kept}`);
    expect(gone.status).toBe(2);
    expect(gone.stderr).toMatch(
      /^.*flowers\.csv is missing; wanted is the data set with digest [0-9a-f]{12}: name where it lies with --data\n$/,
    );
  }
  const elsewhere = widthwise(`verify ./${report} --data moved.csv`);
  expect(elsewhere.stdout).toContain("2 of 2 trials match to the bit");
  const text2 = readFileSync(join(folder, "flowers.yaml"), "utf8").replace(
    "flowers.csv",
    "moved.csv",
  );
  writeFileSync(join(folder, "flowers.yaml"), text2);
  const again = widthwise("run ./flowers.yaml --json");
  expect(JSON.parse(again.stdout)).toMatchObject({ fingerprint });
  expect(again.stderr.match(/finished, taken from the store/g)).toHaveLength(2);
  expect(widthwise("list --json").stdout.match(/"id"/g)).toHaveLength(1);

  writeFileSync(join(folder, "moved.csv"), text(rows.slice(3)));
  const changed = widthwise("verify flowers");
  expect(changed.status).toBe(1);
  expect(changed.stderr).toContain("it was trained on another data set (digest ");
}, 120_000);

test("the study's own data are not overwritten by its report", () => {
  writeFileSync(join(folder, "report.md"), text(rows));
  const dataset = "{ path: report.md, label: species, test: { share: 0.2 } }";
  const flowers = readFileSync(join(folder, "flowers.yaml"), "utf8");
  writeFileSync(join(folder, "over.yaml"), flowers.replace(/dataset: .*/, `dataset: ${dataset}`));
  const { status, stderr } = widthwise("run ./over.yaml --out . --force");
  expect([status, stderr.trim().split("\n")]).toEqual([2, [expect.stringContaining("data file")]]);
  expect(readFileSync(join(folder, "report.md"), "utf8")).toBe(text(rows));
});

test("new writes a study that is read with and without what it has switched off, and overwrites nothing", () => {
  expect(widthwise("new noise")).toEqual({ status: 0, stdout: "noise.yaml\n", stderr: "" });
  const written = readFileSync(join(folder, "noise.yaml"), "utf8");
  expect(written).toMatch(/^name: noise/m);
  expect(widthwise("new noise").stderr).toBe(
    "new: noise.yaml is there already; choose another name\n",
  );
  expect(widthwise("new no/ise").status).toBe(2);
  // As it is written, its search finds a rate.
  expect(widthwise("run ./noise.yaml --widths 4 --passes 1 --seeds 0").status).toBe(0);
  const options = written.split("\n").filter((line) => /^ *# [a-z_]+: /.test(line));
  expect(options.length).toBeGreaterThan(4);
  for (const option of ["", ...options]) {
    const on = written
      .replace(option, () => option.replace("# ", ""))
      .replace(/^ {2}name: fashion-mnist.*\n/m, (line) => (option.includes("path:") ? "" : line));
    writeFileSync(join(folder, "noise.yaml"), on);
    const { status, stderr } = widthwise("run ./noise.yaml --learning-rate 0 ");
    // Only the option is wrong: the file is read before.
    expect([status, stderr]).toEqual([2, "--learning-rate: expected a positive number, got 0\n"]);
  }
});
