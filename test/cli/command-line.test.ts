// The command line as a user has it: bin/widthwise.js under plain node, on what `npm run build` made.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const BIN = join(ROOT, "bin", "widthwise.js");

let folder: string;
/** A store of this test's own, beside the folder that it works in. */
const store = mkdtempSync(join(tmpdir(), "widthwise-cli-store-"));
const ENV = { ...process.env, WIDTHWISE_STORE: join(store, "store.db") };

beforeAll(() => {
  expect(existsSync(join(ROOT, "dist", "cli", "main.js")), "npm run build comes first").toBe(true);
  folder = mkdtempSync(join(tmpdir(), "widthwise-cli-"));
});
afterAll(() => {
  rmSync(store, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

function widthwise(args: readonly string[], options: { uid?: number } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd: folder,
    env: ENV,
    encoding: "utf8",
    ...options,
  });
  return { status, stdout, stderr };
}

describe("bad input: exit code 2, one sentence, no stack, nothing left behind", () => {
  test.each([
    ["run homework --widths 0", "--widths: expected a positive integer up to 65536, got 0"],
    ["run homework --widths -3", "--widths: expected a positive integer up to 65536, got -3"],
    ["run homework --widths 1.5", "--widths: expected a positive integer up to 65536, got 1.5"],
    [
      "run homework --widths 1e9",
      "--widths: expected a positive integer up to 65536, got 1000000000",
    ],
    ["run homework --widths abc", '--widths: expected a positive integer up to 65536, got "abc"'],
    [
      "run homework --width",
      "unknown option '--width'; did you mean --widths? (see widthwise --help)",
    ],
    [
      "run homwork",
      'unknown study "homwork": did you mean homework? (a study of your own is named by its path, such as ./mine.yaml)',
    ],
    ["dat", "unknown command 'dat'; did you mean data? (see widthwise --help)"],
    ["run homework --out /dev/null", "--out /dev/null: expected a folder, got a file"],
    [
      "run homework --out /dev/null/x",
      "--out /dev/null/x: part of this path is a file; name another folder",
    ],
    ["run ./none.yaml", 'study "./none.yaml": no such file'],
    [`run ${ROOT}package.json`, `study "${ROOT}package.json": `],
  ])("widthwise %s", (line, sentence) => {
    const { status, stdout, stderr } = widthwise(line.split(" "));
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    if (line.endsWith("package.json")) {
      expect(stderr).toMatch(/^\S*package\.json:\d+:\d+ [^\n]+\n$/);
    } else {
      expect(stderr).toBe(`${sentence}\n`);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test("an output folder without permission", () => {
    // Root may write everywhere, so that as root this is tried as nobody.
    const uid = process.getuid?.() === 0 ? { uid: 65534 } : {};
    const { status, stderr } = widthwise(["run", "homework", "--out", "/usr/widthwise"], uid);
    expect(stderr).toBe(
      "--out /usr/widthwise: no permission to write there; name another folder\n",
    );
    expect(status).toBe(2);
  });
});

test("--version is the package's", () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    version: string;
  };
  expect(widthwise(["--version"])).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
});

test("a reader that goes away is no error", () => {
  const command = `"${process.execPath}" "${BIN}" run --help | head -1; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8" });
  expect(stdout).toBe("Usage: widthwise run [options] <study>\n0\n");
  expect(stderr).toBe("");
});

test("Ctrl-C ends a run at once, keeps what is trained, and the next run goes on from there", async () => {
  const args = "run homework --seeds 0 --widths 8,512 --passes 40 --out kept".split(" ");
  const child = spawn(process.execPath, [BIN, ...args], { cwd: folder, env: ENV });
  let told = "";
  const begun = new Promise<void>((resolve) => {
    child.stderr.on("data", (chunk: Buffer) => {
      told += chunk.toString();
      if (told.includes("width 8: pass 10 of 40")) resolve();
    });
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  await Promise.race([begun, ended]);
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(told).toMatch(/\ninterrupted; what was trained is kept in .*store\.db, .*\n$/);
  expect(told).not.toMatch(/^ {4}at /m);
  expect(readdirSync(folder)).toEqual([]);
  expect(readdirSync(store)).toEqual(["store.db"]);

  const next = widthwise("run homework --seeds 0 --widths 8 --passes 40 --json".split(" "));
  expect(next.status).toBe(0);
  expect(next.stderr).toContain("width 32 rate 0.1: diverged at step");
  expect(next.stderr).toMatch(/^width 8: goes on from pass \d+ of 40: /m);
  const whole = widthwise([
    ...["run", "homework", "--seeds", "0", "--widths", "8", "--passes", "40", "--json"],
    ...["--store", join(store, "other.db")],
  ]);
  const [resumed, uninterrupted] = [next, whole].map(
    ({ stdout }) => JSON.parse(stdout) as { fingerprint: string },
  );
  expect(resumed.fingerprint).toBe(uninterrupted.fingerprint);
});

test("a reader that goes away before the end of a long table ends its export", () => {
  const study = {
    ...{ name: "long", question: "What is written when nobody reads?" },
    dataset: { name: "mnist-1d", examples: 20 },
    model: { hidden: ["width"], init: "he" },
    training: { learning_rate: 0.02, passes: 500 },
    sweep: { width: [1, 2] },
  };
  const file = join(folder, "long.yaml");
  writeFileSync(file, JSON.stringify(study));
  const kept = ["--store", join(folder, "long.db")];
  expect(widthwise(["run", file, "--out", join(folder, "long"), ...kept]).status).toBe(0);
  const command = `"${process.execPath}" "${BIN}" export long ${kept.join(" ")} | head -c 5; echo " \${PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8", env: ENV });
  expect([stdout, stderr]).toEqual(["study 130\n", "interrupted\n"]);
});
