// What else may happen to a store, in the order in which the long form tries it.

import { clockSetBack } from "./clock.mjs";
import { fullDisk, limitedFiles } from "./disk-full.mjs";
import { ctrlC } from "./interrupt.mjs";
import { readOnly } from "./read-only.mjs";
import { runAll } from "./together.mjs";

/**
 * @typedef {object} Given
 * @property {number} seed
 * @property {import("./expected.mjs").Expected} expected
 *
 * @typedef {object} Scenario
 * @property {string} name
 * @property {(given: Given) => Promise<string>} run Throws where anything is not as it should be; tells what was
 *   seen, or why it cannot be tried here.
 */

/** Times that a disk is filled. */
const TRIES = 30;

/** Times that several processes are let run together. */
const TOGETHER = 5;

/** Commits at which one of two processes is killed: of about 170 that both make. */
const DEATHS = [2, 5, 10, 20, 40, 80, 120];

/** @type {readonly Scenario[]} */
export const SCENARIOS = [
  {
    name: "a file system that is full",
    run: async (given) => told(await fullDisk({ ...given, tries: TRIES })),
  },
  {
    name: "a limit on the size of files",
    run: async (given) => told(await limitedFiles({ ...given, tries: TRIES })),
  },
  { name: "read-only folders and files", run: readOnly },
  ...[2, 4].map((processes) => ({
    name: `${processes} processes, their calendars years apart`,
    /** @param {Given} given */
    run: async ({ expected }) => {
      const all = [];
      for (let time = 0; time < TOGETHER; time++)
        all.push(await runAll(expected, processes, { calendarsApart: true }));
      return told(all);
    },
  })),
  ...DEATHS.map((dieAt) => ({
    name: `two processes, one killed at its commit ${dieAt}`,
    /** @param {Given} given */
    run: async ({ expected }) => told(await runAll(expected, 2, { dieAt })),
  })),
  { name: "the clock set back", run: clockSetBack },
  { name: "Ctrl-C", run: ctrlC },
];

/** @param {object | string} seen */
function told(seen) {
  return typeof seen === "string" ? seen : JSON.stringify(seen);
}
