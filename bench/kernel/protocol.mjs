// What a runner in JavaScript says: a first line about itself, then one answer a line for each line asked.
// peers/protocol.py is the same for Python. Line protocol:
//
//   → {"version":"4.22.0"}                      ready (or {"missing":"why"})
//   ← {"task":"check","width":32}               the first steps of the problem, then an evaluation:
//   → {"objective":1.2345,"right":[1234,2345]}  mean objective of the steps; right predictions of both sets
//   ← {"task":"steps","width":32,"seconds":0.3} steps for that long, going on where the last ones ended
//   → {"value":3.01}                            microseconds for each
//   ← {"task":"evaluation","width":32}          both sets, objective and number of right predictions
//   → {"value":22.5}                            milliseconds
//
// In the place of a width, `shape` names one of shapes.mjs: its steps are a pass, and microseconds are those of an example.
// A runner may have tasks of its own; it answers {"error":"why"} where it fails.

import process from "node:process";
import { createInterface } from "node:readline";
import { parseJson } from "../json.mjs";

/**
 * @typedef {{ task: string, width: number, shape?: number, seconds: number }} Request
 * @typedef {(request: Request) => Promise<object> | object} Task
 */

/**
 * @param {object} about
 * @param {Record<string, Task>} tasks
 */
export async function serve(about, tasks) {
  const say = (/** @type {object} */ answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
  say(about);
  for await (const line of createInterface({ input: process.stdin })) {
    const request = /** @type {Request} */ (parseJson(line));
    try {
      say(await tasks[request.task](request));
    } catch (error) {
      say({ error: error instanceof Error ? error.message : String(error) });
    }
  }
}

/**
 * Repeats `chunk`, which makes some steps and says how many, until `seconds` are over.
 * @param {number} seconds
 * @param {() => number | Promise<number>} chunk
 */
export async function microsecondsPerStep(seconds, chunk) {
  const began = performance.now();
  let steps = 0;
  for (;;) {
    steps += await chunk();
    const elapsed = performance.now() - began;
    if (elapsed >= 1000 * seconds) return (1000 * elapsed) / steps;
  }
}

/**
 * @param {() => unknown} call
 */
export async function milliseconds(call) {
  const began = performance.now();
  await call();
  return performance.now() - began;
}
