// The measurements as Markdown tables, for the terminal and for RESULTS.md.

import { HOMEWORK_ROUNDS } from "../commands/homework.mjs";
import { CHECKED_STEPS } from "../kernel/problem.mjs";
import { best, evaluationRate, peakOf, trainingRate } from "../kernel/rates.mjs";
import { SHAPES } from "../kernel/shapes.mjs";
import { isMet, targets } from "./targets.mjs";

/**
 * @typedef {import("../kernel/rounds.mjs").Row} Row
 *
 * @typedef {object} Results
 * @property {string} date
 * @property {string} widthwise version
 * @property {import("./machine.mjs").Machine} machine
 * @property {string | null} core on which every runner of the kernel's tables was held
 * @property {readonly number[]} widths
 * @property {number} rounds
 * @property {readonly Row[]} rows
 * @property {readonly import("../kernel/rounds.mjs").ShapeRow[]} shapes
 * @property {import("../commands/homework.mjs").Homework | null} homework
 * @property {readonly import("../commands/forecast.mjs").Forecast[] | null} forecasts
 * @property {readonly import("../commands/growth.mjs").Growth[] | null} growth
 * @property {import("../commands/browser.mjs").InBrowser | null} browser
 * @property {import("../commands/store.mjs").StoreTimes} store
 */

/** @param {Results} results */
export function report(results) {
  return [
    about(results),
    "## What it must reach",
    targetTable(results),
    "## The kernel, one core",
    ...results.rows
      .filter(({ kind }) => kind === "ours")
      .flatMap((row) => kernelTable(row, results)),
    "## One step of batch-size-1 SGD, µs",
    peerTable(results, "microsecondsPerStep"),
    "## One evaluation of 16000 examples, ms",
    peerTable(results, "millisecondsPerEvaluation"),
    "## Momentum, batches and depth: an example, µs",
    shapeTable(results.shapes),
    ...(results.homework ? ["## The whole homework", ...homeworkTables(results.homework)] : []),
    ...(results.forecasts ? ["## Told in advance", forecastTable(results.forecasts)] : []),
    ...(results.growth ? ["## Growth", ...growthTables(results.growth)] : []),
    ...(results.browser ? ["## In the browser", ...browserTables(results.browser)] : []),
    "## The record store",
    ...storeTables(results.store),
  ].join("\n\n");
}

/** @param {Results} results */
function about({ date, widthwise, machine, core, rounds, rows }) {
  const { processor, cores, memoryGigabytes, system, load } = machine;
  return [
    `- ${date}, widthwise ${widthwise}`,
    `- ${processor}, cores: ${cores}, ${memoryGigabytes.toFixed(0)} GB, ${system}; load before: ${load.toFixed(2)}`,
    `- 128-bit multiply-then-add peak of one core: **${peakOf(rows).toFixed(1)} GMAC/s**`,
    `- steps and evaluations: best of ${rounds} rounds, in each of which every row had its turn, ${core === null ? "with one thread each as far as its settings go" : "held on one and the same core"}`,
    `- every row made the same first ${CHECKED_STEPS} steps of each width, with the same objective and right predictions`,
  ].join("\n");
}

/** @param {Results} results */
function targetTable({ rows, homework, store }) {
  const judged = rows.filter(({ node }) => node?.judged);
  const columns = judged.map((row) => targets(row, rows, homework, store));
  const header = judged.flatMap(({ node }) => [`goal, ${node?.label ?? ""}`, "measured", "met"]);
  const lines = columns[0].map(({ what }, line) => [
    what,
    ...columns.flatMap((column, index) => {
      const target = column[line];
      const goal = target.goals[(judged[index].node?.major ?? 0) < 24 ? 0 : 1];
      const amount = (/** @type {number} */ value) => `${digits(value)}${target.unit}`;
      return [
        `${target.sign} ${amount(goal)}`,
        target.measured === null ? "missing" : amount(target.measured),
        target.measured === null ? "?" : isMet(target, goal) ? "yes" : "**no**",
      ];
    }),
  ]);
  return table(["", ...header], lines);
}

/**
 * @param {Row} row
 * @param {Results} results
 */
function kernelTable(row, { rows, widths }) {
  if (row.missing !== null) return [`${row.name}: missing (${row.missing})`];
  const peak = peakOf(rows);
  return [
    `### ${row.name} (its own peak: ${Math.max(...row.peaks).toFixed(1)} GMAC/s)`,
    table(
      [
        "width",
        "µs per step",
        "GMAC/s",
        "share of peak",
        "ms per evaluation",
        "GMAC/s",
        "share of peak",
      ],
      widths.map((width) => {
        const [training, evaluation] = [trainingRate(row, width), evaluationRate(row, width)];
        return [
          String(width),
          digits(best(row.widths[width].microsecondsPerStep)),
          digits(training),
          (training / peak).toFixed(2),
          digits(best(row.widths[width].millisecondsPerEvaluation)),
          digits(evaluation),
          (evaluation / peak).toFixed(2),
        ];
      }),
    ),
  ];
}

/**
 * @param {Results} results
 * @param {"microsecondsPerStep" | "millisecondsPerEvaluation"} measure
 */
function peerTable({ rows, widths }, measure) {
  const [ours] = rows;
  return table(
    ["", "version", ...widths.map((width) => `width ${width}`)],
    rows.map((row) => {
      if (row.missing !== null) {
        return [
          row.name,
          row.version ?? "",
          `missing: ${row.missing}`,
          ...widths.slice(1).map(() => ""),
        ];
      }
      return [
        row.name,
        row.version ?? "",
        ...widths.map((width) => {
          const value = best(row.widths[width][measure]);
          if (row.kind === "ours" || ours.missing !== null) return digits(value);
          return `${digits(value)} (${digits(value / best(ours.widths[width][measure]))}×)`;
        }),
      ];
    }),
  );
}

/** @param {Results["shapes"]} rows */
function shapeTable(rows) {
  const bestOfJax = (/** @type {number} */ shape) =>
    Math.min(
      ...rows
        .filter(({ kind, missing }) => kind === "peer" && missing === null)
        .map((row) => best(row.microseconds[shape])),
    );
  return table(
    [
      "",
      ...rows.map(({ name, version }) => `${name}${version === null ? "" : `, ${version}`}`),
      "goals",
    ],
    SHAPES.map(({ name, goals }, shape) => [
      name,
      ...rows.map(({ kind, missing, microseconds }) => {
        if (missing !== null) return "missing";
        const value = best(microseconds[shape]);
        return kind === "ours"
          ? `${digits(value)} (${digits(bestOfJax(shape) / value)}×)`
          : digits(value);
      }),
      goals.map((goal) => `${digits(goal)}×`).join(", "),
    ]),
  );
}

/** @param {import("../commands/homework.mjs").Homework} homework */
function homeworkTables({ runs, notebooks }) {
  const seconds = (/** @type {number} */ value) => value.toFixed(2);
  return [
    `Best of ${HOMEWORK_ROUNDS} rounds, in each of which every row had its turn.`,
    table(
      [
        "",
        "workers",
        "wall s",
        "CPU s",
        "training and evaluation s",
        "start s",
        "load s",
        "search s",
        "figures s",
        "memory MB",
        "fingerprint",
      ],
      runs.map(({ node, workers, run }) => [
        node.label,
        String(workers),
        seconds(run.wall),
        run.cpu === null ? "?" : seconds(run.cpu),
        seconds(run.phase),
        seconds(run.start),
        seconds(run.load),
        seconds(run.search),
        seconds(run.figures),
        run.peakMegabytes?.toFixed(0) ?? "?",
        run.fingerprint.slice(0, 12),
      ]),
    ),
    "What the notebook's loop would take for it, all its threads: 5 widths × (600000 steps + 101 evaluations) and the three " +
      "passes of the search, from its times for one; and how many times longer that is than the wall time above.",
    table(
      ["", "s", ...runs.map(({ node, workers }) => `against ${node.label}, workers: ${workers}`)],
      notebooks.map(({ name, missing, seconds: total }) =>
        total === null
          ? [name, `missing: ${missing}`, ...runs.map(() => "")]
          : [name, total.toFixed(0), ...runs.map(({ run }) => `${digits(total / run.wall)}×`)],
      ),
    ),
  ];
}

/** @param {readonly import("../commands/forecast.mjs").Forecast[]} forecasts */
function forecastTable(forecasts) {
  const error = (/** @type {number} */ told, /** @type {number} */ taken) =>
    `${told < taken ? "−" : "+"}${Math.abs(100 * (told / taken - 1)).toFixed(0)} %`;
  return table(
    ["`run --dry-run`", "workers", "told s", "taken s", "error", "told MB", "taken MB", "error"],
    forecasts.map(({ study, workers, seconds, megabytes }) => [
      study,
      String(workers),
      digits(seconds.told),
      digits(seconds.taken),
      error(seconds.told, seconds.taken),
      megabytes.told.toFixed(0),
      megabytes.taken?.toFixed(0) ?? "?",
      megabytes.taken === null ? "?" : error(megabytes.told, megabytes.taken),
    ]),
  );
}

/** @param {import("../commands/browser.mjs").InBrowser} inBrowser */
function browserTables({ browser, firstCurve, shared, own, commands }) {
  return [
    `Training 6000 FashionMNIST images, widths 16, 64 and 256, 12 passes, best of all rounds: the lab's page in ${browser}, and \`widthwise run\` on 128-bit vectors. The first curve of the study that the page begins with comes ${firstCurve.toFixed(2)} s after Start.`,
    table(
      ["", "seconds", "the page's on shared memory", "the page's on memory of its own"],
      [
        ["the page, on shared memory", digits(shared), "", ""],
        ["the page, on memory of each worker's own", digits(own), "", ""],
        ...commands.map(({ node, seconds }) => [
          `\`widthwise run\`, ${node}`,
          digits(seconds),
          `${(shared / seconds).toFixed(2)}×`,
          `${(own / seconds).toFixed(2)}×`,
        ]),
      ],
    ),
  ];
}

/** @param {import("../commands/store.mjs").StoreTimes} store */
function storeTables({ trials, studies, megabytes, open, list, show, commits }) {
  return [
    `${trials} trials in ${studies} studies, ${megabytes.toFixed(0)} MB, a moment after they were written:`,
    table(
      ["opening ms", "listing all studies ms", "listing a study's trials ms"],
      [[digits(1000 * open), digits(1000 * list), digits(1000 * show)]],
    ),
    "A commit of a checkpoint and twenty passes:",
    table(
      ["width", ...commits.map(({ width }) => String(width))],
      [["ms", ...commits.map(({ milliseconds }) => digits(milliseconds))]],
    ),
  ];
}

/** @param {readonly import("../commands/growth.mjs").Growth[]} growth */
function growthTables(growth) {
  return growth.map(({ what, steps }) =>
    table(
      [what, "useful GMAC", "s", "MB", "work ×", "time ×", "memory ×"],
      steps.map(({ value, work, seconds, peakMegabytes }, index) => {
        const before = index === 0 ? null : steps[index - 1];
        const ratio = (
          /** @type {number | null} */ now,
          /** @type {number | null | undefined} */ then,
        ) => (now === null || then === null || then === undefined ? "" : (now / then).toFixed(2));
        return [
          String(value),
          digits(work / 1e9),
          digits(seconds),
          peakMegabytes?.toFixed(0) ?? "?",
          ratio(work, before?.work),
          ratio(seconds, before?.seconds),
          ratio(peakMegabytes, before?.peakMegabytes),
        ];
      }),
    ),
  );
}

/** Three digits that mean something. @param {number} value */
function digits(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/**
 * A Markdown table whose columns also stand under each other.
 * @param {readonly string[]} header
 * @param {readonly (readonly string[])[]} rows
 */
function table(header, rows) {
  const lines = [header, ...rows];
  const widths = header.map((_, column) =>
    Math.max(3, ...lines.map((line) => line[column].length)),
  );
  const draw = (/** @type {readonly string[]} */ line) =>
    `| ${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join(" | ")} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [draw(header), rule, ...rows.map(draw)].join("\n");
}
