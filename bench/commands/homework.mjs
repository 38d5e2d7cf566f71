// The whole homework by the real command, beside the time that the notebook's loop would take for it.

import { availableParallelism } from "node:os";
import { runCommand } from "./command.mjs";
import { FREE } from "../kernel/pinning.mjs";
import { best } from "../kernel/rates.mjs";
import { Runner } from "../kernel/runner.mjs";

const WIDTHS = [8, 16, 32, 128, 512];
const SEARCH_WIDTH = 32;
const SEARCHES = 3;
const PASSES = 100;
export const HOMEWORK_ROUNDS = 2;
const STEPS = 6000;
const NOTEBOOK_ROUNDS = 2;
const NOTEBOOK_SECONDS = 0.5;

/**
 * @typedef {object} Homework
 * @property {{ node: import("../kernel/runners.mjs").Node, workers: number, run: import("./command.mjs").CommandRun }[]} runs
 * @property {{ name: string, missing: string | null, seconds: number | null }[]} notebooks
 */

/**
 * One worker and all workers, on every Node, the fastest of some rounds; the notebook's loop before and after them.
 * @param {readonly import("../kernel/runners.mjs").Node[]} nodes
 * @param {readonly import("../kernel/runners.mjs").Candidate[]} notebooks
 * @param {(text: string) => void} tell
 * @returns {Promise<Homework>}
 */
export async function measureHomework(nodes, notebooks, tell) {
  const before = await timeNotebooks(notebooks, tell);
  const counts = [...new Set([1, 2, availableParallelism()])];
  const settings = counts.flatMap((workers) => nodes.map((node) => ({ node, workers })));
  /** @type {Homework["runs"]} */
  let runs = [];
  for (let round = 1; round <= HOMEWORK_ROUNDS; round++) {
    const made = [];
    for (const { node, workers } of settings) {
      tell(
        `the homework, ${node.label}, workers: ${workers}, round ${round} of ${HOMEWORK_ROUNDS}`,
      );
      made.push({ node, workers, run: await runCommand(node, "homework", workers) });
    }
    runs = runs.length === 0 ? made : made.map((one, index) => better(one, runs[index]));
  }
  const after = await timeNotebooks(notebooks, tell);
  return {
    runs,
    notebooks: notebooks.map(({ name }, index) => {
      const [first, second] = [before[index], after[index]];
      if ("missing" in first) return { name, missing: first.missing, seconds: null };
      if ("missing" in second) return { name, missing: second.missing, seconds: null };
      return { name, missing: null, seconds: Math.min(first.seconds, second.seconds) };
    }),
  };
}

/**
 * The faster of two runs of a setting, with the larger memory; throws where they did not give the same bits.
 * @param {Homework["runs"][number]} one
 * @param {Homework["runs"][number]} other
 */
function better(one, other) {
  if (one.run.fingerprint !== other.run.fingerprint)
    throw new Error(`two fingerprints: ${one.run.fingerprint} and ${other.run.fingerprint}`);
  const faster = one.run.wall < other.run.wall ? one : other;
  const peaks = [one.run.peakMegabytes, other.run.peakMegabytes];
  const peakMegabytes = peaks.includes(null) ? null : Math.max(...peaks.map(Number));
  return { ...faster, run: { ...faster.run, peakMegabytes } };
}

/**
 * Seconds that each notebook's loop would take for the homework with as many threads as it likes: its times for a
 * step and an evaluation, summed over all that there are.
 * @param {readonly import("../kernel/runners.mjs").Candidate[]} notebooks
 * @param {(text: string) => void} tell
 */
async function timeNotebooks(notebooks, tell) {
  /** @type {({ seconds: number } | { missing: string })[]} */
  const answers = [];
  for (const candidate of notebooks) {
    tell(`${candidate.name}: steps and evaluations`);
    answers.push(
      candidate.absent === null
        ? await timeNotebook(candidate).catch((/** @type {unknown} */ error) => ({
            missing: String(error),
          }))
        : { missing: candidate.absent },
    );
  }
  return answers;
}

/** @param {import("../kernel/runners.mjs").Candidate} candidate */
async function timeNotebook(candidate) {
  const runner = new Runner(candidate, FREE);
  try {
    await runner.ready();
    let seconds = 0;
    for (const width of WIDTHS) {
      await runner.ask({ task: "check", width });
      const steps = [];
      const evaluations = [];
      for (let round = 0; round < NOTEBOOK_ROUNDS; round++) {
        steps.push(await runner.ask({ task: "steps", width, seconds: NOTEBOOK_SECONDS }));
        evaluations.push(await runner.ask({ task: "evaluation", width }));
      }
      const step = best(steps.map(({ value = NaN }) => value)) / 1e6;
      const evaluation = best(evaluations.map(({ value = NaN }) => value)) / 1e3;
      seconds += PASSES * STEPS * step + (PASSES + 1) * evaluation;
      if (width === SEARCH_WIDTH) seconds += SEARCHES * (STEPS * step + 2 * evaluation);
    }
    return { seconds };
  } finally {
    runner.stop();
  }
}
