// Recipes for many machines: each parses, and Slurm's are run with a stand-in for sbatch.

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const RECIPES = join(ROOT, "docs", "recipes");
/** A folder that a shell takes apart where it is not quoted. */
const folder = mkdtempSync(join(tmpdir(), "widthwise 'recipes' $(touch made) "));
const tools = mkdtempSync(join(tmpdir(), "widthwise-tools-"));
const env = {
  ...process.env,
  WIDTHWISE_STORE: join(folder, "main.db"),
  PATH: `${tools}:${process.env.PATH ?? ""}`,
};

const STUDY = `
name: small
question: How wide must it be?
dataset: { name: mnist-1d, examples: 50 }
model: { hidden: [width], init: he }
training: { learning_rate: 0.05, passes: 3 }
sweep: { width: [2, 4, 8] }
streams: { kind: named, seeds: 0..1 }
`;

function run(program: string, args: readonly string[], more: NodeJS.ProcessEnv = {}) {
  const options = { cwd: folder, env: { ...env, ...more }, encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(program, args, options);
  return { status, stdout, stderr };
}

const widthwise = (...args: string[]) =>
  run(process.execPath, [join(ROOT, "bin/widthwise.js"), ...args]);

/** Writes a program into the path of what is run. */
function tool(name: string, script: string): void {
  writeFileSync(join(tools, name), script);
  chmodSync(join(tools, name), 0o755);
}

let local: string;
beforeAll(() => {
  writeFileSync(join(folder, "a study's.yaml"), STUDY);
  const printed = widthwise("run", "./a study's.yaml", "--store", "local.db", "--json");
  local = fingerprintOf(printed.stdout);
  rmSync(join(folder, "runs"), { recursive: true });
}, 60_000);
afterAll(() => {
  for (const made of [folder, tools]) rmSync(made, { recursive: true, force: true });
});

function fingerprintOf(summary: string): string {
  return (JSON.parse(summary) as { fingerprint: string }).fingerprint;
}

test("a script of sbatch: quoted, a shard for each task, and its last lines merge and answer", () => {
  const {
    status,
    stdout: script,
    stderr,
  } = widthwise("sbatch", "./a study's.yaml", "--shards", "2");
  expect([status, stderr]).toEqual([0, "small: 6 trials to train in 2 shards\n"]);
  writeFileSync(join(folder, "job.sh"), script);
  expect(run("bash", ["-n", "job.sh"])).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(script.split("\n").filter((line) => line.startsWith("#SBATCH"))).toEqual([
    "#SBATCH --job-name=small",
    "#SBATCH --array=1-2",
    "#SBATCH --requeue",
    "#SBATCH --open-mode=append",
  ]);
  expect(script).not.toContain("--known");
  expect(script).toMatch(/^exec .* run [^]* --workers "\$\{SLURM_CPUS_PER_TASK:-1\}"$/m);
  // Wherever a task runs, and whatever its environment says, all is where the script was written.
  const far = (command: string, more: NodeJS.ProcessEnv = {}) =>
    run("bash", ["-c", `mkdir -p far; cd far; ${command}`], { WIDTHWISE_STORE: "none", ...more });
  for (const task of ["1", "2"]) {
    const trained = far("bash ../job.sh", { SLURM_ARRAY_TASK_ID: task });
    expect(trained.status, trained.stderr).toBe(0);
    expect(trained.stdout).toContain(
      `small, shard ${task} of 2: trained 3 trials of the 3 of its share, `,
    );
  }
  expect(readdirSync(join(folder, "shards"))).toEqual([
    expect.stringMatching(/^small-[0-9a-f]{8}$/),
  ]);
  const last = script.trimEnd().split("\n").slice(-2);
  const [merged, answered] = last.map((line) => far(`${line.replace(/^# */, "")} --json`));
  expect(JSON.parse(merged.stdout)).toMatchObject({ shards: 2, trials: 6, added: 6, problems: [] });
  expect(fingerprintOf(answered.stdout)).toBe(local);
  expect(existsSync(join(folder, "far", "none"))).toBe(false);
  expect(run("ls", []).stdout).not.toMatch(/^made$/m);
  const again = widthwise("sbatch", "./a study's.yaml", "--shards", "2");
  expect(again).toMatchObject({ status: 2, stdout: "" });
  expect(again.stderr).toMatch(
    /^study small: all of its trials are kept in .*; widthwise run answers it\n$/,
  );
  // What is there already is not trained by a task of a script that was written later.
  const more = ["--shards", "2", "--seeds", "0..2", "--data", "here"];
  const longer = widthwise("sbatch", "./a study's.yaml", ...more);
  expect(longer.stderr).toBe("small: 3 trials to train in 2 shards\n");
  expect(longer.stdout).toContain(" --known ");
  const options = longer.stdout.split("\n").filter((line) => line.includes(" run "));
  expect(options).toHaveLength(2);
  for (const line of options) expect(line).toMatch(/ --seeds 0,1,2 --data \S.*here/);
}, 120_000);

test("a study from a pipe is no job", () => {
  const piped = spawnSync(
    process.execPath,
    [join(ROOT, "bin/widthwise.js"), "sbatch", "/dev/stdin", "--shards", "2"],
    { cwd: folder, env, input: STUDY, encoding: "utf8" },
  );
  expect([piped.status, piped.stderr]).toEqual([
    2,
    "study small: every task reads it again; save it as a file\n",
  ]);
}, 60_000);

test("slurm.sh: shards until nothing is missing, and the answer", () => {
  tool(
    "widthwise",
    `#!/bin/bash\nexec "${process.execPath}" "${join(ROOT, "bin/widthwise.js")}" "$@"\n`,
  );
  tool(
    "sbatch",
    `#!/bin/bash
[ "$1 $2" = "--wait --time=1" ] || exit 9
for task in $(seq "$(sed -n 's/^#SBATCH --array=1-//p' "$3")"); do
  SLURM_ARRAY_TASK_ID=$task SLURM_CPUS_PER_TASK=1 bash "$3" || exit 1
done
`,
  );
  const at = join(folder, "elsewhere");
  mkdirSync(at);
  const { status, stdout, stderr } = spawnSync(
    "bash",
    [join(RECIPES, "slurm.sh"), "../a study's.yaml", "3", "--time=1"],
    { cwd: at, env: { ...env, WIDTHWISE_STORE: join(at, "store.db") }, encoding: "utf8" },
  );
  expect(status, stderr).toBe(0);
  expect(stdout).toContain("3 files merged into ");
  const summary = readFileSync(join(at, "runs/small/summary.json"), "utf8");
  expect(fingerprintOf(summary)).toBe(local);
}, 120_000);

test.each(["slurm.sh", "parallel.sh"])("%s parses", (name) => {
  expect(run("bash", ["-n", join(RECIPES, name)])).toEqual({ status: 0, stdout: "", stderr: "" });
});

test("kubernetes.yaml is an Indexed Job whose shards are its completions", () => {
  interface Job {
    readonly kind: string;
    readonly spec: {
      readonly completionMode: string;
      readonly completions: number;
      readonly template: {
        readonly spec: { readonly containers: readonly { readonly command: readonly string[] }[] };
      };
    };
  }
  const job = parse(readFileSync(join(RECIPES, "kubernetes.yaml"), "utf8")) as Job;
  expect([job.kind, job.spec.completionMode]).toEqual(["Job", "Indexed"]);
  const [shell, option, command] = job.spec.template.spec.containers[0].command;
  expect([shell, option]).toEqual(["/bin/sh", "-c"]);
  tool("widthwise", '#!/bin/sh\necho "$@"\n');
  const index = String(job.spec.completions - 1);
  const { stdout } = run(shell, [option, command], { JOB_COMPLETION_INDEX: index });
  expect(stdout).toBe(
    `run /study/mine.yaml --shard ${job.spec.completions}/64 --store /shards/64.db --workers 2\n`,
  );
});
