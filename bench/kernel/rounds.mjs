// Steps and evaluations of all runners at all widths, in rounds: every runner has its turn before the first has
// its next, so that whatever else the machine does hits all of them.

import { Runner } from "./runner.mjs";

/**
 * @typedef {object} Measured One runner at one width: what each round gave.
 * @property {number[]} microsecondsPerStep
 * @property {number[]} millisecondsPerEvaluation of all 16000 examples
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {"ours" | "notebook" | "peer"} kind
 * @property {import("./runners.mjs").Node | null} node
 * @property {string | null} version
 * @property {string | null} missing Why the row has no numbers.
 * @property {Record<string, Measured>} widths
 * @property {number[]} peaks GMAC/s of 128-bit multiply then add; ours only
 */

/** Right runners in float32 agree on these; a wrong update is far from it. */
const OBJECTIVE_TOLERANCE = 1e-4;
const RIGHT_TOLERANCE = 16;

/**
 * @param {readonly import("./runners.mjs").Candidate[]} candidates ours first: the others are compared with it
 * @param {object} options
 * @param {readonly number[]} options.widths
 * @param {number} options.rounds
 * @param {number} options.seconds of steps in each turn
 * @param {import("./pinning.mjs").Pinning} options.pinning
 * @param {(text: string) => void} options.tell
 * @returns {Promise<Row[]>}
 */
export async function measureInRounds(candidates, { widths, rounds, seconds, pinning, tell }) {
  /** @type {{ row: Row, runner: Runner | null }[]} */
  const entries = candidates.map((candidate) => ({
    row: {
      name: candidate.name,
      kind: candidate.kind,
      node: candidate.node,
      version: null,
      missing: candidate.absent,
      widths: Object.fromEntries(
        widths.map((width) => [width, { microsecondsPerStep: [], millisecondsPerEvaluation: [] }]),
      ),
      peaks: [],
    },
    runner: candidate.absent === null ? new Runner(candidate, pinning) : null,
  }));

  /**
   * Gives each runner that is still there its turn; one that fails is missing from then on.
   * @param {(runner: Runner, row: Row) => Promise<void>} turn
   */
  async function everyone(turn) {
    for (const entry of entries) {
      if (entry.runner === null) continue;
      try {
        await turn(entry.runner, entry.row);
      } catch (error) {
        entry.row.missing = error instanceof Error ? error.message : String(error);
        tell(`${entry.row.name} is missing: ${entry.row.missing}`);
        entry.runner.stop();
        entry.runner = null;
      }
    }
  }

  try {
    await everyone(async (runner, row) => {
      row.version = (await runner.ready()).version ?? null;
    });
    for (const width of widths) {
      tell(`width ${width}: the same steps by all`);
      /** @type {import("./runner.mjs").Answer | null} */
      let expected = null;
      await everyone(async (runner) => {
        const answer = await runner.ask({ task: "check", width });
        expected ??= answer;
        compare(answer, expected);
      });
    }
    for (let round = 1; round <= rounds; round++) {
      tell(`round ${round} of ${rounds}`);
      await everyone(async (runner, row) => {
        if (row.kind === "ours") row.peaks.push(valueOf(await runner.ask({ task: "peak" })));
      });
      for (const width of widths) {
        await everyone(async (runner, row) => {
          const steps = await runner.ask({ task: "steps", width, seconds });
          row.widths[width].microsecondsPerStep.push(valueOf(steps));
        });
        await everyone(async (runner, row) => {
          const evaluation = await runner.ask({ task: "evaluation", width });
          row.widths[width].millisecondsPerEvaluation.push(valueOf(evaluation));
        });
      }
    }
  } finally {
    for (const { runner } of entries) runner?.stop();
  }
  return entries.map(({ row }) => row);
}

/** @param {import("./runner.mjs").Answer} answer */
function valueOf({ value }) {
  if (value === undefined) throw new Error("an answer without a value");
  return value;
}

/**
 * Throws where a runner did not make the same steps.
 * @param {import("./runner.mjs").Answer} answer
 * @param {import("./runner.mjs").Answer} expected
 */
function compare(
  { objective = NaN, right = [] },
  { objective: ours = NaN, right: oursRight = [] },
) {
  const far =
    right.length !== 2 || right.some((n, set) => Math.abs(n - oursRight[set]) > RIGHT_TOLERANCE);
  if (far || !(Math.abs(objective - ours) <= OBJECTIVE_TOLERANCE * ours)) {
    throw new Error(
      `it computes something else: objective ${objective}, right ${right.join(" and ")}; ` +
        `widthwise: ${ours}, ${oursRight.join(" and ")}`,
    );
  }
}
