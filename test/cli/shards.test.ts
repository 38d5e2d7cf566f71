// A study in shards, as a user has it: trained apart, merged, and answered with the bits of one process.

import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "libsql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256, SqliteStore } from "../../dist/node.js";
import { FingerprintChain } from "../../dist/records/fingerprint.js";

const BIN = fileURLToPath(new URL("../../bin/widthwise.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "widthwise-shards-"));
const env = { ...process.env, WIDTHWISE_STORE: join(folder, "store.db") };

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function command(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    ...{ cwd: folder, env, encoding: "utf8" },
  });
  return { status, stdout, stderr };
}

function widthwise(...args: string[]): string {
  const { status, stdout, stderr } = command(...args);
  expect(status, `${args.join(" ")}: ${stderr}`).toBe(0);
  return stdout;
}

const STUDY = `
name: apart
question: How wide must it be?
dataset: { name: mnist-1d, examples: 60 }
model: { hidden: [width], init: he }
training: { learning_rate: eta_star / 2, passes: 6 }
search: { width: 8, factor: 0.9 }
sweep: { width: [2, 4, 8, 16] }
streams: { kind: named, seeds: 0..2 }
measure: [weight norms]
`;

function fingerprintOf(study: string, store: string, ...more: string[]): string {
  const printed = widthwise(
    "run",
    study,
    "--store",
    store,
    "--out",
    `out-${store}`,
    "--json",
    ...more,
  );
  return (JSON.parse(printed) as { fingerprint: string }).fingerprint;
}

/** Trials that are yet to be trained. */
function left(study: string, store: string): number {
  const printed = widthwise("run", study, "--store", store, "--dry-run", "--json");
  const { search, sweep } = (JSON.parse(printed) as { trials: { search: number; sweep: number } })
    .trials;
  return search + sweep;
}

let local: string;
beforeAll(() => {
  writeFileSync(join(folder, "apart.yaml"), STUDY);
  local = fingerprintOf("./apart.yaml", "local.db");
}, 60_000);

function shard(index: number, of: number): string {
  return widthwise(
    "run",
    "./apart.yaml",
    "--shard",
    `${index}/${of}`,
    "--store",
    `${of}/${index}.db`,
  );
}

test("three shards, a missing one, merged twice: the fingerprint of one process", () => {
  const lines = [1, 2, 3].map((index) => shard(index, 3));
  for (const [i, line] of lines.entries())
    expect(line).toMatch(
      new RegExp(
        `^apart, shard ${i + 1} of 3: trained \\d+ trials of the 4 of its share and the \\d+ of the search, kept in 3/${i + 1}.db\\n$`,
      ),
    );
  expect(shard(1, 3)).toMatch(/^apart, shard 1 of 3: trained 0 trials of the 4 /);
  expect(widthwise("merge", "3/1.db", "3/3.db")).toMatch(
    /^2 files merged into .*store\.db: \d+ of \d+ trials are new\n$/,
  );
  expect(left("./apart.yaml", "store.db")).toBe(4);
  expect(widthwise("merge", "3/2.db", "3/1.db", "--verify", "30%")).toMatch(
    /: 4 of \d+ trials are new\n$/,
  );
  expect(left("./apart.yaml", "store.db")).toBe(0);
  expect(fingerprintOf("./apart.yaml", "store.db")).toBe(local);
  expect(widthwise("merge", "3/1.db", "3/2.db", "3/3.db")).toMatch(/: 0 of \d+ trials are new\n$/);
  // What is known, and measured, elsewhere is not trained.
  const known = ["--shard", "1/3", "--store", "known/1.db", "--known", "store.db"];
  expect(widthwise("run", "./apart.yaml", ...known)).toMatch(
    /trained 0 trials of the 4 of its share/,
  );
}, 120_000);

test("a shard that is killed goes on; what is missing the study's run trains", async () => {
  const long = ["--passes", "400", "--set", "sweep.width=[16]"];
  const expected = fingerprintOf("./apart.yaml", "long.db", ...long);
  const args = [
    "run",
    "./apart.yaml",
    ...long,
    "--shard",
    "1/2",
    "--store",
    "killed/1.db",
    "--workers",
    "1",
  ];
  const run = spawn(process.execPath, [BIN, ...args], { cwd: folder, env, stdio: "ignore" });
  const ended = new Promise((resolve) => run.on("close", resolve));
  const trained = () => {
    const { status, stdout } = command("merge", "killed/1.db", "--store", "part.db", "--json");
    return status === 0 ? (JSON.parse(stdout) as { added: number }).added : 0;
  };
  while (run.exitCode === null && trained() === 0)
    await new Promise((resolve) => setTimeout(resolve, 50));
  run.kill("SIGKILL");
  await ended;
  expect(existsSync(join(folder, "killed/1.db"))).toBe(true);
  widthwise("merge", "killed/1.db", "--store", "part.db");
  widthwise(...args);
  widthwise("merge", "killed/1.db", "--store", "part.db");
  expect(fingerprintOf("./apart.yaml", "part.db", ...long)).toBe(expected);
}, 180_000);

test("a study that asks in rounds: each shard says what it could not know, and has it once it is merged", () => {
  const rounds = STUDY.replace("eta_star / 2", "0.1")
    .replace(/^(sweep|streams|measure|search):.*\n/gm, "")
    .replace("he }", "torch }")
    .concat("ask: [threshold]\n");
  writeFileSync(join(folder, "rounds.yaml"), rounds.replace("apart", "rounds"));
  const run = (index: number, ...more: string[]) =>
    JSON.parse(
      widthwise(
        "run",
        "./rounds.yaml",
        "--shard",
        `${index}/2`,
        "--store",
        `r/${index}.db`,
        "--json",
        ...more,
      ),
    ) as { share: number; trained: number; unknown: number };
  const first = [run(1), run(2)];
  expect(first).toMatchObject([
    { share: 6, trained: 6 },
    { share: 6, trained: 6 },
  ]);
  expect(Math.min(...first.map(({ unknown }) => unknown))).toBeGreaterThan(0);
  // As long as nothing of the others is known, the same again.
  expect(run(1)).toMatchObject({ share: 6, trained: 0 });
  expect(widthwise("run", "./rounds.yaml", "--shard", "1/2", "--store", "r/1.db")).toMatch(
    /; about \d+ more \(width 2, .*\) depend on answers of other shards: /,
  );
  widthwise("merge", "r/1.db", "r/2.db", "--store", "merged.db");
  const second = run(1, "--known", "merged.db");
  expect(second.share).toBeGreaterThan(6);
  expect(second.trained).toBe(second.share - 6);
  expect(run(1, "--known", "merged.db")).toMatchObject({ share: second.share, trained: 0 });
}, 120_000);

test.each([
  [
    "run ./apart.yaml --shard 4/3 --store x.db",
    '--shard: expected i/n with i from 1 to n, such as 3/64, got "4/3"',
  ],
  [
    "run ./apart.yaml --shard 0/3 --store x.db",
    '--shard: expected i/n with i from 1 to n, such as 3/64, got "0/3"',
  ],
  [
    "run ./apart.yaml --shard 1/3",
    "--shard: give it a store of its own, such as --store shards/1.db",
  ],
  [
    "run ./apart.yaml --known x.db",
    "--known: it is for a shard; give --shard i/n, too, or leave it out",
  ],
  [
    "run ./apart.yaml --shard 1/3 --store x.db --known none.db",
    "store none.db: there is no such file",
  ],
  [
    "run ./apart.yaml --shard 1/3 --store local.db --known ./local.db",
    "--known ./local.db: it is the shard's own store; leave it out",
  ],
  ["merge local.db --verify 0%", '--verify: expected a share of the trials such as 1%, got "0%"'],
])("widthwise %s", (line, sentence) => {
  expect(command(...line.split(" "))).toEqual({ status: 2, stdout: "", stderr: `${sentence}\n` });
});

test("what is refused is named, the rest is taken, and the exit code is 1", () => {
  writeFileSync(join(folder, "junk.db"), "no store");
  copyFileSync(join(folder, "local.db"), join(folder, "damaged.db"));
  const database = new Database(join(folder, "damaged.db"));
  database.exec("UPDATE trials SET fingerprint = 'ab'");
  database.close();
  const { status, stdout, stderr } = command(
    ...["merge", "junk.db", "damaged.db", "local.db", "local.db", "--store", "taken.db"],
  );
  expect([status, stdout]).toEqual([1, expect.stringMatching(/^2 files merged into taken\.db: /)]);
  expect(stderr).toContain("junk.db: not a store of widthwise;");
  expect(stderr.match(/^damaged\.db: trial \w+ is not taken, since /gm)).toHaveLength(10);
  expect(stderr).toMatch(/^damaged\.db: and \d+ more like these$/m);
  expect(fingerprintOf("./apart.yaml", "taken.db")).toBe(local);
}, 60_000);

/** Every trial anew, as one who can write the file would: other counts and weights, with the fingerprints that belong to them. */
async function forge(name: string): Promise<number> {
  const trainer = { machine: "another", versions: "some" };
  const onDamage = (message: string) => {
    throw new Error(message);
  };
  const store = new SqliteStore(join(folder, name), { sha256, trainer, onDamage });
  try {
    const trials = await store.trials();
    for (const { key, specification, passes } of trials) {
      const [record, checkpoint] = [
        await store.get(key, passes),
        await store.checkpoint(key, passes),
      ];
      if (record === null || checkpoint === null) throw new Error(`${key} is not there`);
      const { weights, biases } = checkpoint.parameters;
      const parameters = { weights: weights.map((one) => one.map((value) => value + 1)), biases };
      const chain = FingerprintChain.begin(key, parameters, sha256);
      const upTo = (pass: number) => Math.floor((60 * pass) / 100);
      const rows = record.trajectory.map(({ pass, train, test }) => {
        const right = { ...train, correct: pass === 0 ? train.correct : train.examples };
        if (pass > 0) chain.evaluated(right, test, { ...checkpoint, parameters });
        return {
          evaluation: { pass, train: right, test, fingerprint: chain.fingerprint },
          averages: record.running_averages.slice(pass === 0 ? 0 : upTo(pass - 1), upTo(pass)),
        };
      });
      await store.commit({
        ...{ key, specification, rows, ending: record.ending, fingerprint: chain.fingerprint },
        ...{ checkpoint: { ...checkpoint, parameters }, since: 0, seconds: record.seconds },
      });
    }
    return trials.length;
  } finally {
    await store.close();
  }
}

test("a forged shard whose checksums are right is refused by name, and nothing of it is taken, where some is trained again", async () => {
  widthwise("merge", "local.db", "--store", "forged.db");
  const trials = await forge("forged.db");
  // Nothing in the file gives it away.
  expect(widthwise("merge", "forged.db", "--store", "deceived.db")).toBe(
    `1 file merged into deceived.db: ${trials} of ${trials} trials are new\n`,
  );
  copyFileSync(join(folder, "forged.db"), join(folder, "honest-name.db"));
  const { status, stdout, stderr } = command(
    ...["merge", "honest-name.db", "local.db", "--verify", "1%", "--store", "warned.db"],
  );
  expect([status, stdout]).toEqual([
    1,
    `1 file merged into warned.db: ${trials} of ${trials} trials are new\n`,
  ]);
  expect(stderr).toMatch(
    /^honest-name\.db: trial [0-9a-f]{12} \(.*\): it differs from pass 0 on; nothing of it is taken$/m,
  );
  expect(fingerprintOf("./apart.yaml", "warned.db")).toBe(local);
}, 120_000);

test("which trials are trained again cannot be known beforehand", () => {
  const trained = Array.from({ length: 6 }, () => {
    const { stderr } = command("merge", "local.db", "--store", "twice.db", "--verify", "1%");
    return [...stderr.matchAll(/^trial ([0-9a-f]+) .*: matches$/gm)].map(([, key]) => key);
  });
  for (const one of trained) expect(one).toHaveLength(1);
  expect(new Set(trained.flat()).size).toBeGreaterThan(1);
}, 120_000);
