// Fuzzes every reader of what a user can hand over: at least a million inputs, mutated from valid ones, a share for
// each reader. No input may crash its reader, hang it, fill the memory, or meet another error than a sentence.
//
//   npm run test:fuzz [-- --seed N] [--inputs N] [--reader NAME [--input I]]
//
// Prints a table (docs/reliability.md keeps one); exit code 1 with the first failure of each reader and the command
// that makes it again. `--input` tries that one input alone.

import console from "node:console";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { parseArgs } from "node:util";
import { fuzz } from "./campaign.mjs";
import { READERS } from "./readers.mjs";

/** Inputs of one child process: few enough that one is soon lost, many enough that its start costs nothing. */
const BATCH = 20_000;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    inputs: { type: "string", default: "1000000" },
    reader: { type: "string" },
    input: { type: "string" },
  },
});
const seed = Number(values.seed);
const names = values.reader === undefined ? Object.keys(READERS) : [values.reader];

console.log(`seed ${seed}\n`);
console.log(
  "| reader | inputs | pass the first check | read whole | slowest | peak memory | seconds |",
);
console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
/** @type {string[]} */
const failures = [];
for (const name of names) {
  if (values.input !== undefined) {
    const from = Number(values.input);
    await campaign(name, from, from + 1);
  } else {
    const { share, close } = READERS[name]();
    close?.();
    await campaign(name, 0, Math.round(Number(values.inputs) * (names.length === 1 ? 1 : share)));
  }
}
for (const failure of failures) console.log(`\n${failure}`);
if (failures.length > 0) process.exitCode = 1;

/**
 * @param {string} name
 * @param {number} from
 * @param {number} to
 */
async function campaign(name, from, to) {
  const begun = performance.now();
  const sum = { inputs: 0, accepted: 0, sampled: 0, passed: 0, milliseconds: 0, bytes: 0 };
  for (let at = from; at < to; at += BATCH) {
    const { tally, failure } = await fuzz(name, seed, { from: at, to: Math.min(to, at + BATCH) });
    if (tally !== null) {
      sum.inputs += tally.inputs;
      sum.accepted += tally.accepted;
      sum.sampled += tally.sampled;
      sum.passed += tally.passed;
      sum.milliseconds = Math.max(sum.milliseconds, tally.slowest.milliseconds);
      sum.bytes = Math.max(sum.bytes, tally.bytes);
    }
    if (failure !== null) {
      failures.push(`${name}: ${failure}`);
      break;
    }
    console.error(`${name}: ${sum.inputs} of ${to - from}`);
  }
  const cells = [
    name,
    sum.inputs,
    percent(sum.passed, sum.sampled),
    percent(sum.accepted, sum.inputs),
    `${Math.round(sum.milliseconds)} ms`,
    `${Math.round(sum.bytes / 2 ** 20)} MiB`,
    Math.round((performance.now() - begun) / 1000),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}

/**
 * @param {number} part
 * @param {number} whole
 */
function percent(part, whole) {
  return whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)}%`;
}
