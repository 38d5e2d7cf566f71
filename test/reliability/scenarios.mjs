// What else may happen to a store, in the order in which the long form tries it.

/**
 * @typedef {object} Scenario
 * @property {string} name
 * @property {(given: Given) => Promise<string>} run Throws where anything is not as it should be; tells what was
 *   seen, or why nothing could be.
 *
 * @typedef {object} Given
 * @property {number} seed
 * @property {import("./expected.mjs").Expected} expected
 */

/** @type {readonly Scenario[]} */
export const SCENARIOS = [];
