// What a script for Slurm says of a study that nobody has begun, and what is no study for one.

import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { cli } from "../../../../test/cli/fakes.ts";
import { temporaryFolder } from "../../../../test/data/tiny.ts";

test("how many trials a search leaves is told as a guess, and the store by a path that holds everywhere", async () => {
  const { code, out, err } = await cli("sbatch homework --shards 2 --store none.db".split(" "));
  expect([code, err()]).toEqual([0, "homework: about 8 trials to train in 2 shards\n"]);
  expect(out().match(/--store \S*none\.db/g)).toEqual([
    `--store ${resolve("none.db")}`,
    `--store ${resolve("none.db")}`,
  ]);
});

test("what does nothing but search is refused", async () => {
  const file = join(await temporaryFolder(), "searching.yaml");
  await writeFile(
    file,
    `name: searching
question: Which rate?
dataset: { name: mnist-1d }
model: { hidden: [width], init: he }
training: { learning_rate: eta_star / 2, passes: 1 }
sweep: { width: [8] }
ask: [learning-rate-search]
`,
  );
  const { code, out, err } = await cli(["sbatch", file, "--shards", "2"]);
  expect([code, out(), err()]).toEqual([
    ...[2, ""],
    "study searching: what it has to train is a search, which every shard repeats; widthwise run trains it\n",
  ]);
});
