// Studies that begin with weights from a file, as a user runs them: kept, verified and gone on with once the file is gone.

import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/widthwise.js", import.meta.url));
const FILES = fileURLToPath(new URL("../data/weights/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "widthwise-given-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function widthwise(line: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...line.trim().split(" ")], {
    cwd: folder,
    env: { ...process.env, WIDTHWISE_STORE: join(folder, "store.db") },
    encoding: "utf8",
  });
  expect(stderr).not.toContain("bug");
  return { status, stdout, stderr };
}

const file = (name: string) => join(folder, name);

function write(name: string, path: string, hidden = "[width, 4]", rate = "0.05"): void {
  const lines = [
    `name: ${name}`,
    "question: What do these weights learn?",
    "dataset: { path: data.npz }",
    `model: { hidden: ${hidden}, activation: tanh, init: { kind: file, path: ${path} } }`,
    `training: { learning_rate: ${rate}, passes: 4 }`,
    "sweep: { width: [6] }",
    "streams: { kind: named, seeds: 0..1 }",
  ];
  writeFileSync(file(`${name}.yaml`), lines.join("\n"));
}

interface Summary {
  readonly fingerprint: string;
  readonly specification: { readonly model: { readonly init: Record<string, string> } };
}
const summaryOf = (stdout: string) => JSON.parse(stdout) as Summary;

beforeAll(() => {
  copyFileSync(join(FILES, "data.npz"), file("data.npz"));
  copyFileSync(join(FILES, "tanh.npz"), file("init.npz"));
});

test("weights from a file are kept, so that nothing that follows needs the file", () => {
  write("given", "init.npz");
  expect(widthwise("run ./given.yaml --dry-run").stdout).toContain("2 trials to train");
  const first = widthwise("run ./given.yaml --json --passes 2");
  expect(first.status).toBe(0);
  const { digest } = (
    JSON.parse(readFileSync(join(FILES, "expected.json"), "utf8")) as Record<
      string,
      { digest: string }
    >
  )["tanh.npz"];
  // Its report names the file as seen from its own folder, and is verified from there.
  expect(summaryOf(first.stdout).specification.model.init).toEqual({
    ...{ kind: "file", path: "../../init.npz", parameters: digest },
  });
  expect(widthwise("verify ./runs/given/report.html --all").stdout).toContain(
    "2 of 2 trials match to the bit",
  );

  // A longer run of it goes on, the file gone or not; so does one that trains anew.
  const whole = summaryOf(widthwise("run ./given.yaml --json").stdout);
  renameSync(file("init.npz"), file("moved.npz"));
  expect(widthwise("verify given --all").stdout).toContain("2 of 2 trials match to the bit");
  const again = widthwise("run ./given.yaml --json");
  expect(again.stderr).toContain("init.npz is missing; its parameters are taken from the store");
  expect(summaryOf(again.stdout)).toEqual(whole);
  const fresh = widthwise("run ./given.yaml --fresh");
  expect(fresh.stderr).toContain("2 of 2 kept trials match to the bit");
  expect(widthwise("run ./given.yaml --json --seeds 2").status).toBe(0);
  expect(widthwise("verify ./runs/given/report.html").stderr).toContain("init.npz is missing");
  const other = widthwise("run ./given.yaml --store other.db");
  expect([other.status, other.stderr.includes("init.npz is missing")]).toEqual([2, true]);

  // The same numbers in another file are the same study, whatever it is called.
  expect(widthwise("gc").status).toBe(0);
  write("given", "moved.npz");
  expect(summaryOf(widthwise("run ./given.yaml --json").stdout).fingerprint).toBe(
    whole.fingerprint,
  );
  const shown = widthwise("list --json").stdout;
  expect((JSON.parse(shown) as { studies: unknown[] }).studies).toHaveLength(3);
  expect(widthwise("verify").stdout).toContain("match to the bit");
});

test("what is not there, of another network or of other numbers is refused in a sentence", () => {
  copyFileSync(join(FILES, "tanh.safetensors"), file("other.safetensors"));
  const refused = (arguments_: string) => {
    const { status, stdout, stderr } = widthwise(`run ./refused.yaml ${arguments_}`);
    expect([status, stdout]).toEqual([2, ""]);
    return stderr;
  };
  write("refused", "nowhere.npz");
  for (const option of ["", "--dry-run"])
    expect(refused(option)).toContain("nowhere.npz is missing");
  write("refused", "other.safetensors");
  expect(refused("--widths 7")).toContain(
    "other.safetensors: 0.weight has the shape (6, 5); expected (7, 5), as the study's network has",
  );
  expect(refused("--widths 6,7")).toContain(
    "a file has the weights of one network, and this study trains those with hidden layers [6, 4] and [7, 4]",
  );
  expect(refused(`--set model.init.parameters=${"3f".repeat(32)}`)).toContain(
    "other.safetensors has the parameters 640e77ceb383; expected 3f3f3f3f3f3f",
  );
  write("refused", "other.safetensors", "[width, 4]", "eta_star / 2");
  expect(refused("")).toContain("those with hidden layers [6, 4] and [32, 4]; ask for one width");
  write("refused", "other.safetensors", "[width]");
  expect(refused("")).toContain(
    'other.safetensors has "4.weight", which the study\'s network has not; expected 0.weight, 0.bias, 2.weight and 2.bias alone',
  );
});
