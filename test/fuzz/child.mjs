// Gives one reader a range of inputs, in a process of its own that may crash or be killed: before each input its
// number is written to a file, so that who watches knows which one it was. The result is the last line of stdout.
//
//   node child.mjs READER SEED FROM TO FILE

import console from "node:console";
import { closeSync, openSync, writeSync } from "node:fs";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { setImmediate } from "node:timers/promises";
import { inspect } from "node:util";
import { WidthwiseError } from "../../dist/base/errors.js";
import { Random } from "./random.mjs";
import { READERS } from "./readers.mjs";

/** The first check is made again for one of so many inputs, to count how many pass it. */
const SAMPLE = 8;

/** Inputs between two collections of garbage. */
const COLLECT = 64;

/** No error message is longer, has a control character, or is empty. */
const SENTENCE = /^[^\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]{1,1000}$/u;

/**
 * @typedef {object} Tally
 * @property {number} inputs
 * @property {number} accepted read without an error, and no damage told
 * @property {number} sampled inputs whose first check was made again
 * @property {number} passed of these, those that passed it
 * @property {{ input: number, milliseconds: number }} slowest
 * @property {number} bytes peak resident memory of the process
 * @property {{ input: number, error: string } | null} failure
 */

const [name, seed, from, to, path] = process.argv.slice(2);
const reader = READERS[name]();
const place = openSync(path, "w");

/** @type {Tally} */
const tally = {
  inputs: 0,
  accepted: 0,
  sampled: 0,
  passed: 0,
  slowest: { input: 0, milliseconds: 0 },
  bytes: 0,
  failure: null,
};
for (let input = Number(from); input < Number(to) && tally.failure === null; input++) {
  writeSync(place, String(input).padEnd(16), 0);
  await tryInput(input);
  // SQLite's files are closed when the objects that stand for them are collected.
  if (input % COLLECT === 0) {
    globalThis.gc?.();
    await setImmediate();
  }
}
tally.bytes = process.resourceUsage().maxRSS * 1024;
reader.close?.();
closeSync(place);
console.log(JSON.stringify(tally));

/** @param {number} input */
async function tryInput(input) {
  const bytes = reader.make(new Random(Number(seed), name, input));
  tally.inputs++;
  if (input % SAMPLE === 0) {
    tally.sampled++;
    if (await reader.passesFirst(bytes)) tally.passed++;
  }
  /** @type {string[]} */
  const told = [];
  const begun = performance.now();
  try {
    await reader.read(bytes, (message) => told.push(message));
    if (told.length === 0) tally.accepted++;
  } catch (error) {
    if (error instanceof WidthwiseError) told.push(error.message);
    else tally.failure = { input, error: inspect(error) };
  }
  const milliseconds = performance.now() - begun;
  const strange = told.find((message) => !SENTENCE.test(message));
  if (strange !== undefined) tally.failure = { input, error: `no sentence: ${inspect(strange)}` };
  if (milliseconds > tally.slowest.milliseconds) tally.slowest = { input, milliseconds };
}
