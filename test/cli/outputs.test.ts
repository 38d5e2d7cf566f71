// What commands write, and what they leave alone: bin/widthwise.js under plain node, on what `npm run build` made.

import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/widthwise.js", import.meta.url));

const STUDY = `name: tiny
question: Does width 4 interpolate?
dataset: { name: gaussian-clusters, train: 60, test: 40, inputs: 5, classes: 3 }
model: { hidden: [width], init_std: 0.01 }
training: { learning_rate: 0.01, passes: 1 }
sweep: { width: [4] }
streams: { kind: named, seeds: [0] }
`;

let folder: string;
let count = 0;
beforeAll(() => {
  expect(existsSync(fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url)))).toBe(true);
  folder = mkdtempSync(join(tmpdir(), "widthwise-outputs-"));
  // A store with the study's trial, for those who only read it.
  writeFileSync(join(folder, "s.yaml"), STUDY);
  expect(widthwise("run ./s.yaml --store kept.db --out kept")).toMatchObject({ status: 0 });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function widthwise(line: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...line.split(" ")], {
    cwd: folder,
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

const text = (path: string) => readFileSync(join(folder, path), "utf8");

test("a run leaves what the user put into its folder, and so does a report", () => {
  const line = "run ./s.yaml --store b1.db --out b1";
  expect(widthwise(line).status).toBe(0);
  writeFileSync(join(folder, "b1", "answers.md"), "mine");
  expect(widthwise("export tiny --store b1.db --format npz --out b1/weights").status).toBe(0);
  expect(widthwise(line)).toMatchObject({ status: 0, stderr: expect.any(String) as string });
  expect(widthwise("report tiny --store b1.db --out b1").status).toBe(0);
  expect(text("b1/answers.md")).toBe("mine");
  expect(readdirSync(join(folder, "b1", "weights"))).toHaveLength(1);
});

test("a store that lies in the folder stays", () => {
  const line = "run ./s.yaml --store b2/store.db --out b2";
  expect(widthwise(line).status).toBe(0);
  expect(widthwise(line).stderr).toContain("taken from the store");
  expect(widthwise("list --store b2/store.db").stdout).toContain("tiny");
});

describe("no output is a file that the command reads", () => {
  test.each([
    ["export tiny --store kept.db --out kept.db", "--out kept.db: this is the store"],
    ["export tiny --store kept.db --out kept.db --force", "--out kept.db: this is the store"],
    ["export tiny --store kept.db --out link.db", "--out link.db: this is the store"],
    ["export tiny --store kept.db --out kept.db-wal", "--out kept.db-wal: this is a part of the"],
    ["run ./s.yaml --store kept.db --timeline kept.db", "--timeline kept.db: this is the store"],
    ["run ./s.yaml --store kept.db --timeline link.db", "--timeline link.db: this is the store"],
    ["run ./s.yaml --store link.db --timeline kept.db", "--timeline kept.db: this is the store"],
    ["run ./s.yaml --store new.db --timeline new.db", "--timeline new.db: this is the store"],
    ["run ./s.yaml --store kept.db --timeline s.yaml", "--timeline s.yaml: this is the study"],
    [
      "run ./s.yaml --store kept.db --timeline o/summary.json --out o",
      "--timeline o/summary.json: this is a file of the report of the same command",
    ],
    [
      "run ./s.yaml --store o/report.md --out o",
      "--out o: report.md in it: this is the store of the same command",
    ],
    [
      "run ./s.yaml --store kept.db --data d --timeline d/t10k-images-idx3-ubyte --force",
      "--timeline d/t10k-images-idx3-ubyte: this is a data file",
    ],
  ])("widthwise %s", (line, sentence) => {
    if (!existsSync(join(folder, "link.db"))) symlinkSync("kept.db", join(folder, "link.db"));
    mkdirSync(join(folder, "d"), { recursive: true });
    const before = readFileSync(join(folder, "kept.db"), "latin1");
    const { status, stderr, stdout } = widthwise(line);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^[^\n]*\n$/);
    expect(stderr).toContain(sentence);
    expect(readFileSync(join(folder, "kept.db"), "latin1") === before).toBe(true);
    expect(text("s.yaml")).toBe(STUDY);
  });
});

test("a report is verified without its store, by training", () => {
  for (const name of ["report.html", "summary.json"]) {
    const path = join("kept", name);
    expect(widthwise(`verify ${path} --all`)).toMatchObject({
      status: 0,
      stdout: "1 of 1 trials match to the bit\ntrained anew: smallest interpolating width none\n",
    });
    const changed = text(path).replace(
      /("4": "[0-9a-f]{63})(.)/,
      (_, start: string, digit: string) => `${start}${digit === "0" ? "1" : "0"}`,
    );
    writeFileSync(join(folder, name), changed);
    const { status, stderr } = widthwise(`verify ./${name}`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^width 4 seed 0: its fingerprint is \w{12}, not \w{12}$/m);
  }
});

test("an existing file of the user's is replaced with --force alone", () => {
  writeFileSync(join(folder, "mine.csv"), "a,b\n1,2\n");
  mkdirSync(join(folder, "o2"));
  writeFileSync(join(folder, "o2", "report.html"), "mine");
  for (const line of [
    "export tiny --store kept.db --out mine.csv",
    "run ./s.yaml --store kept.db --timeline mine.csv",
    "run ./s.yaml --store kept.db --out o2",
    "report tiny --store kept.db --out o2",
  ]) {
    const { status, stderr } = widthwise(line);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^[^\n]*(widthwise did not write it|no list [^\n]* widthwise wrote it)[^\n]* with --force\n$/,
    );
  }
  expect([text("mine.csv"), text("o2/report.html")]).toEqual(["a,b\n1,2\n", "mine"]);
  expect(widthwise("export tiny --store kept.db --out mine.csv --force").status).toBe(0);
  // Now it is ours.
  expect(widthwise("export tiny --store kept.db --out mine.csv").status).toBe(0);
  expect(widthwise("run ./s.yaml --store kept.db --out o2 --force").status).toBe(0);
  expect(text("o2/report.html")).toContain("<html");
});

test("a link to what is not there is refused before anything is trained", () => {
  symlinkSync("nowhere", join(folder, "dangling"));
  for (const line of [
    `run ./s.yaml --store none${count++}.db --out dangling`,
    `run ./s.yaml --store none${count++}.db --timeline dangling`,
    "export tiny --store kept.db --out dangling",
    "export tiny --store kept.db --format npz --out dangling",
  ]) {
    const { status, stderr } = widthwise(line);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^[^\n]* dangling: this is a link to what is not there; [^\n]*\n$/);
  }
  expect(existsSync(join(folder, "none0.db"))).toBe(false);
});

test.runIf(existsSync("/proc"))("weights for a folder that cannot be made come to an end", () => {
  const { status, stderr } = widthwise(
    "export tiny --store kept.db --format npz --out /proc/widthwise/below",
  );
  expect(status).toBe(2);
  expect(stderr).toBe(
    "--out /proc/widthwise/below: its folder does not exist; make it or name another folder\n",
  );
});
