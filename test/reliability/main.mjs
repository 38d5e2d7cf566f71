// The long form of the campaigns on the record store: everything that docs/reliability.md tells, in a quarter of
// an hour on two cores.
//
//   npm run test:reliability [-- --kills N] [--seed N]
//
// Exit code 1, and the seed, where anything is not as it should be.

import console from "node:console";
import { availableParallelism, cpus } from "node:os";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { parseArgs } from "node:util";
import { expected } from "./expected.mjs";
import { killCampaign } from "./kills.mjs";
import { SCENARIOS } from "./scenarios.mjs";

const { values: options } = parseArgs({
  options: {
    kills: { type: "string", default: "1000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const seed = Number(options.seed);
const began = performance.now();
console.log(
  `seed ${seed}, ${cpus()[0].model}, Node ${process.versions.node}, ${process.platform}-${process.arch}`,
);
const whole = await expected();

for (const { name, run } of SCENARIOS) {
  const said = await run({ seed, expected: whole });
  console.log(`${name}: ${said}`);
}

// As many campaigns at once as there are processors, each with a seed of its own.
const campaigns = Math.min(availableParallelism(), Number(options.kills));
let kills = 0;
const tallies = await Promise.all(
  Array.from({ length: campaigns }, (_, index) =>
    killCampaign({
      kills: Math.ceil((Number(options.kills) - index) / campaigns),
      seed: seed + index,
      expected: whole,
      onKill: () => {
        if (++kills % 50 === 0) console.error(`${kills} kills, ${minutes()}`);
      },
    }),
  ),
);
for (const [index, tally] of tallies.entries()) {
  console.log(`kills, seed ${seed + index}: ${JSON.stringify(tally)}`);
  if (2 * tally.afterFirstCheckpoint < tally.kills)
    throw new Error("fewer than half of the kills came after a checkpoint");
}
console.log(`all as it should be, ${minutes()}`);

function minutes() {
  return `${((performance.now() - began) / 60_000).toFixed(1)} minutes`;
}
