// What widthwise must reach on a machine with two cores, beside what was measured.

import { best, evaluationRate, peakOf, trainingRate } from "../kernel/rates.mjs";

/**
 * @typedef {import("../kernel/rounds.mjs").Row} Row
 * @typedef {import("../commands/homework.mjs").Homework} Homework
 * @typedef {import("../commands/store.mjs").StoreTimes} StoreTimes
 *
 * @typedef {object} Target
 * @property {string} what
 * @property {"" | "×" | " s" | " MB" | " %"} unit
 * @property {"≥" | "≤"} sign
 * @property {readonly [number, number]} goals before Node 24, and from then on
 * @property {number | null} measured null where something that it needs is missing
 */

/**
 * The targets of one Node. Those of the homework are left out where it was not run.
 * @param {Row} ours
 * @param {readonly Row[]} rows
 * @param {Homework | null} homework
 * @param {StoreTimes} store
 * @returns {Target[]}
 */
export function targets(ours, rows, homework, store) {
  return [
    ...kernelTargets(ours, rows),
    ...(homework ? homeworkTargets(ours, homework, store) : []),
    ...storeTargets(store),
  ];
}

/**
 * @param {Target} target
 * @param {number} goal
 */
export function isMet({ measured, sign }, goal) {
  return measured !== null && (sign === "≤" ? measured <= goal : measured >= goal);
}

/**
 * @param {Row} ours
 * @param {readonly Row[]} rows
 * @returns {Target[]}
 */
function kernelTargets(ours, rows) {
  const peak = peakOf(rows);
  const there = ours.missing === null;
  const step = (/** @type {Row} */ { widths }, /** @type {number} */ width) =>
    best(widths[width].microsecondsPerStep);
  return [
    {
      what: "training at width 512, share of the peak",
      unit: "",
      sign: "≥",
      goals: [0.65, 1.0],
      measured: there ? trainingRate(ours, 512) / peak : null,
    },
    {
      what: "evaluation at width 512, share of the peak",
      unit: "",
      sign: "≥",
      goals: [0.7, 1.05],
      measured: there ? evaluationRate(ours, 512) / peak : null,
    },
    {
      what: "training at width 32, share of the peak",
      unit: "",
      sign: "≥",
      goals: [0.5, 0.7],
      measured: there ? trainingRate(ours, 32) / peak : null,
    },
    ...notebooksOf(rows).flatMap((notebook) => {
      const both = there && notebook.missing === null;
      /** @type {[number, [number, number]][]} */
      const goals = [
        [32, [40, 60]],
        [512, [6.5, 10]],
      ];
      return goals.map(
        /** @returns {Target} */ ([width, goal]) => ({
          what: `one step at width ${width} against ${notebook.name}`,
          unit: "×",
          sign: "≥",
          goals: goal,
          measured: both ? step(notebook, width) / step(ours, width) : null,
        }),
      );
    }),
  ];
}

/** @param {readonly Row[]} rows */
function notebooksOf(rows) {
  return rows.filter(({ kind }) => kind === "notebook");
}

/**
 * @param {Row} ours
 * @param {Homework} homework
 * @param {StoreTimes} store
 * @returns {Target[]}
 */
function homeworkTargets({ node }, { runs, notebooks }, store) {
  const mine = runs.filter((run) => run.node.label === node?.label);
  const one = mine.find(({ workers }) => workers === 1)?.run;
  const two = mine.find(({ workers }) => workers === 2)?.run;
  const all = mine.at(-1)?.run;
  return [
    ...notebooks.map(
      /** @returns {Target} */ ({ name, seconds }) => ({
        what: `the whole homework against ${name}`,
        unit: "×",
        sign: "≥",
        goals: [30, 45],
        measured: all && seconds !== null ? seconds / all.wall : null,
      }),
    ),
    {
      what: "two workers against one, training and evaluation",
      unit: "×",
      sign: "≥",
      goals: [1.85, 1.85],
      measured: one && two ? one.phase / two.phase : null,
    },
    {
      what: "serial seconds around that phase",
      unit: " s",
      sign: "≤",
      goals: [2.5, 2.5],
      measured: all ? all.start + all.load + all.search + all.figures : null,
    },
    {
      what: "peak memory of the homework, all processes",
      unit: " MB",
      sign: "≤",
      goals: [600, 600],
      measured: all?.peakMegabytes ?? null,
    },
    {
      what: "commits to the record store, share of the homework (reckoned)",
      unit: " %",
      sign: "≤",
      goals: [1, 1],
      measured: all ? 100 * (secondsOfCommits(all, store) / all.wall) : null,
    },
  ];
}

/**
 * A commit every two seconds of each trial's training, and one at its end.
 * @param {import("../commands/command.mjs").CommandRun} run
 * @param {StoreTimes} store
 */
function secondsOfCommits({ trials }, { commits }) {
  const of = new Map(commits.map(({ width, milliseconds }) => [width, milliseconds / 1000]));
  return trials.reduce(
    (sum, { width, seconds }) => sum + (Math.floor(seconds / 2) + 1) * (of.get(width) ?? NaN),
    0,
  );
}

/**
 * @param {StoreTimes} store
 * @returns {Target[]}
 */
function storeTargets({ trials, open, list, show }) {
  const stores = `a record store of ${trials} trials`;
  return [
    { what: `opening ${stores}`, unit: " s", sign: "≤", goals: [1, 1], measured: open },
    {
      what: `listing all studies of ${stores}`,
      unit: " s",
      sign: "≤",
      goals: [1, 1],
      measured: list,
    },
    {
      what: `listing the trials of a study in ${stores}`,
      unit: " s",
      sign: "≤",
      goals: [1, 1],
      measured: show,
    },
  ];
}
