// Steps and evaluations of all runners at all widths, in rounds: every runner has its turn before the first has
// its next, so that whatever else the machine does hits all of them.

import { Runner } from "./runner.mjs";
import { SHAPES } from "./shapes.mjs";

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
 *
 * @typedef {Pick<Row, "name" | "kind" | "node" | "version" | "missing"> & { microseconds: number[][] }} ShapeRow of every
 * shape what each round gave
 */

/** Right runners in float32 agree on these; a wrong update is far from it. */
const OBJECTIVE_TOLERANCE = 1e-4;
const RIGHT_TOLERANCE = 16;

/**
 * @typedef {object} Options
 * @property {number} rounds
 * @property {number} seconds of steps in each turn
 * @property {import("./pinning.mjs").Pinning} pinning
 * @property {(text: string) => void} tell
 */

/**
 * @param {readonly import("./runners.mjs").Candidate[]} candidates ours first: the others are compared with it
 * @param {Options & { widths: readonly number[] }} options
 * @returns {Promise<Row[]>}
 */
export async function measureInRounds(candidates, { widths, rounds, seconds, pinning, tell }) {
  /** @type {Row[]} */
  const rows = candidates.map((candidate) => ({
    name: candidate.name,
    kind: candidate.kind,
    node: candidate.node,
    version: null,
    missing: candidate.absent,
    widths: Object.fromEntries(
      widths.map((width) => [width, { microsecondsPerStep: [], millisecondsPerEvaluation: [] }]),
    ),
    peaks: [],
  }));
  await race(candidates, rows, { pinning, tell }, async (everyone) => {
    for (const width of widths) {
      tell(`width ${width}: the same steps by all`);
      await compareAll(everyone, { task: "check", width });
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
  });
  return rows;
}

/**
 * Microseconds an example of every shape (shapes.mjs).
 * @param {readonly import("./runners.mjs").Candidate[]} candidates ours first
 * @param {Options} options
 * @returns {Promise<ShapeRow[]>}
 */
export async function measureShapes(candidates, { rounds, seconds, pinning, tell }) {
  /** @type {ShapeRow[]} */
  const rows = candidates.map(({ name, kind, node, absent }) => ({
    ...{ name, kind, node, version: null, missing: absent },
    microseconds: SHAPES.map(() => []),
  }));
  await race(candidates, rows, { pinning, tell }, async (everyone) => {
    for (const [shape, { name }] of SHAPES.entries()) {
      tell(`${name}: the same pass by all`);
      await compareAll(everyone, { task: "check", shape });
    }
    for (let round = 1; round <= rounds; round++) {
      tell(`shapes, round ${round} of ${rounds}`);
      for (const shape of SHAPES.keys())
        await everyone(async (runner, row) => {
          const steps = await runner.ask({ task: "steps", shape, seconds });
          row.microseconds[shape].push(valueOf(steps));
        });
    }
  });
  return rows;
}

/**
 * Starts all runners, and lets `contest` give those that are still there their turns; one that fails is missing from then on.
 * @template {{ name: string, version: string | null, missing: string | null }} R
 * @param {readonly import("./runners.mjs").Candidate[]} candidates
 * @param {readonly R[]} rows
 * @param {Pick<Options, "pinning" | "tell">} options
 * @param {(everyone: (turn: (runner: Runner, row: R) => Promise<void>) => Promise<void>) => Promise<void>} contest
 */
async function race(candidates, rows, { pinning, tell }, contest) {
  const runners = candidates.map((candidate) =>
    candidate.absent === null ? new Runner(candidate, pinning) : null,
  );
  /** @param {(runner: Runner, row: R) => Promise<void>} turn */
  async function everyone(turn) {
    for (const [index, row] of rows.entries()) {
      const runner = runners[index];
      if (runner === null) continue;
      try {
        await turn(runner, row);
      } catch (error) {
        row.missing = error instanceof Error ? error.message : String(error);
        tell(`${row.name} is missing: ${row.missing}`);
        runner.stop();
        runners[index] = null;
      }
    }
  }
  try {
    await everyone(async (runner, row) => {
      row.version = (await runner.ready()).version ?? null;
    });
    await contest(everyone);
  } finally {
    for (const runner of runners) runner?.stop();
  }
}

/**
 * Everyone answers the same; the first is right.
 * @param {(turn: (runner: Runner) => Promise<void>) => Promise<void>} everyone
 * @param {Parameters<Runner["ask"]>[0]} request
 */
async function compareAll(everyone, request) {
  /** @type {import("./runner.mjs").Answer | null} */
  let expected = null;
  await everyone(async (runner) => {
    const answer = await runner.ask(request);
    expected ??= answer;
    compare(answer, expected);
  });
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
    right.length !== oursRight.length ||
    right.some((n, set) => Math.abs(n - oursRight[set]) > RIGHT_TOLERANCE);
  if (far || !(Math.abs(objective - ours) <= OBJECTIVE_TOLERANCE * ours)) {
    throw new Error(
      `it computes something else: objective ${objective}, right ${right.join(" and ")}; ` +
        `widthwise: ${ours}, ${oursRight.join(" and ")}`,
    );
  }
}
