// The report of a study as a document: its question, the answers with their figures, every width, the notebook
// beside it, and where it all comes from.

import { stringify } from "yaml";

import { lastMeasured, lossUnits } from "../analysis/outcome.ts";
import type { TrialSummary } from "../analysis/summary.ts";
import type { StudyResult } from "../study/result.ts";
import { written } from "../study/language/written.ts";
import { subsetWarning } from "../study/misleading.ts";
import type { Block, Inline, Report, Section, TableColumn, Text } from "../document/document.ts";
import { distinct, sentencesOf, type Answered } from "../questions/asked.ts";
import { divergenceSentence } from "../questions/divergence.ts";
import { trainedNetwork } from "../questions/network.ts";
import type { Answer } from "../questions/question.ts";
import { notebookSection } from "../homework/report-section.ts";
import { accuracyPercent, count, duration, passes, threeDigits } from "../base/numbers.ts";
import { axisName } from "../records/point.ts";
import { verdictSection } from "../claims/told.ts";
import type { Provenance } from "./provenance.ts";
import { reliance } from "./reliance.ts";
import { summarize, verdictOn } from "./summary.ts";

/** Beside what the questions tell: every trial of the sweep, the notebook, and where it comes from. */
export function buildReport(answered: Answered, provenance: Provenance): Report {
  const { result, answers, ordered } = answered;
  const told = [...answers.values()];
  const diverged = divergenceSentence(result);
  const notebook = notebookSection(result);
  const verdict = verdictOn(summarize(answered, provenance), provenance);
  return {
    title: result.study.name,
    question: result.study.question,
    sections: [
      ...(verdict === null ? [] : [verdictSection(verdict)]),
      {
        id: "answers",
        heading: "Answers",
        blocks: [
          { kind: "facts", facts: distinct(told.flatMap(({ facts = [] }) => facts)) },
          {
            kind: "list",
            items: [...(diverged === null ? [] : [[{ strong: diverged }]]), ...sentencesOf(told)],
          },
          { kind: "note", text: reliance(answered) },
          ...noiseNote(result),
          ...subsetNote(result, provenance),
        ],
      },
      ...answerSections(ordered),
      ...(answered.points.length === 0 ? [] : [widthsSection(answered)]),
      ...(notebook === null ? [] : [notebook]),
      provenanceSection(result, provenance),
    ],
  };
}

/** With the figures numbered. */
function answerSections(answers: readonly Answer[]): Section[] {
  let number = 0;
  return answers.flatMap(({ section, draw }) => {
    if (section === undefined) return [];
    if (draw === undefined) return [section];
    const narrow = draw("phone");
    const figures = draw("paper").map((figure, place): Block => {
      return { kind: "figure", number: ++number, figure, narrow: narrow[place] };
    });
    return [{ ...section, blocks: [...section.blocks, ...figures] }];
  });
}

function subsetNote({ outcomes, further = [] }: StudyResult, { dataset }: Provenance): Block[] {
  const [record = further.at(0)] = outcomes.map((outcome) => outcome.record);
  const examples = record?.specification.data.train_examples ?? 0;
  const { misleading_pixels: pixels = 0, misleading_inputs: inputs = 0 } = dataset;
  const warning = subsetWarning(pixels + inputs, examples, pixels > 0 ? "pixel" : "input");
  return warning === null ? [] : [{ kind: "note", text: [`${warning}.`] }];
}

/** Which labels training was measured against, where these are not the data set's. */
function noiseNote({ study, outcomes }: StudyResult): Block[] {
  const levels = outcomes.map(({ record }) =>
    JSON.stringify(record.specification.data.label_noise),
  );
  const { label_noise: noise } = study.dataset;
  const own = "test labels are the data set's own";
  if (new Set(levels).size > 1) {
    const text = `Training losses and accuracies are against the labels that were trained on, noise and all; ${own}.`;
    return [{ kind: "note", text: [text] }];
  }
  if (noise === undefined) return [];
  const change =
    "share" in noise
      ? `a share of ${noise.share} of them was replaced by another class`
      : `each was drawn anew over all classes with probability ${noise.probability}`;
  const text = `Training losses and accuracies are against noisy labels: ${change}; ${own}.`;
  return [{ kind: "note", text: [text] }];
}

/** Rows of the table of trials. */
const MOST_TRIALS = 200;

function widthsSection({ result, points, several: seeds }: Answered): Section {
  const number = (heading: string): TableColumn => ({ heading, numeric: true });
  const axes = Object.keys(result.outcomes[0].point.values).filter((axis) => axis !== "width");
  const trials = points.flatMap((summary) => summary.trials.map((trial) => ({ summary, trial })));
  const columns = [
    number(trainedNetwork(result, points[0]).heading),
    ...axes.map((axis) => number(axisName(axis, axes))),
    ...(seeds ? [number("seed")] : []),
  ];
  const rows = trials.slice(0, MOST_TRIALS).map(({ summary, trial }) => {
    const { values, seed } = trial.outcome.point;
    const place: Text[] = [
      [trainedNetwork(result, summary).entry],
      ...axes.map((axis) => [String(values[axis])]),
      ...(seeds ? [[String(seed ?? "")]] : []),
    ];
    return { place, trial };
  });
  const rest: Block = {
    kind: "note",
    text: [
      `These are the first ${MOST_TRIALS} of ${count(trials.length)} trials; `,
      { code: "trajectories.csv" },
      " has all of them.",
    ],
  };
  return {
    id: "widths",
    heading: `Every ${axes.length === 0 ? "width" : "point"}${seeds ? " and seed" : ""}`,
    blocks: [
      {
        kind: "table",
        caption: `Passes to interpolation, and the last evaluation within ${passes(result.study.training.passes)}; losses in ${lossUnits(result.outcomes)}`,
        columns: [
          ...columns,
          number("passes to interpolation"),
          number("training loss"),
          number("training accuracy"),
          number("test loss"),
          number("test accuracy"),
          number("seconds"),
          { heading: "fingerprint", numeric: false },
        ],
        rows: rows.map(({ place, trial }) => trialRow(place, trial)),
      },
      ...measuredTable(columns, rows),
      ...(trials.length > MOST_TRIALS ? [rest] : []),
    ],
  };
}

function trialRow(place: readonly Text[], trial: TrialSummary): Text[] {
  const { record } = trial.outcome;
  const last = record.trajectory.at(-1);
  const { diverged, stopped } = trial;
  const ending =
    diverged !== null
      ? ` (diverged in pass ${diverged.pass}, step ${count(diverged.step)})`
      : stopped !== null
        ? ` (stopped after pass ${stopped})`
        : "";
  return [
    ...place,
    [`${trial.passes ?? "never"}${ending}`],
    [last ? threeDigits(last.train.objective) : ""],
    [last ? accuracyPercent(last.train) : ""],
    [last ? threeDigits(last.test.objective) : ""],
    [last ? accuracyPercent(last.test) : ""],
    [record.seconds.toFixed(2)],
    [shortHash(record.fingerprint)],
  ];
}

/** What was measured at the last evaluations; nothing where nothing was. */
function measuredTable(
  columns: readonly TableColumn[],
  rows: readonly { readonly place: Text[]; readonly trial: TrialSummary }[],
): Block[] {
  const measured = [...(rows[0].trial.outcome.measured?.keys() ?? [])];
  if (measured.length === 0) return [];
  const valuesOf = ({ outcome }: TrialSummary) =>
    measured.map((column): Text => {
      const value = lastMeasured(outcome, column);
      return [value === null ? "" : threeDigits(value)];
    });
  return [
    {
      kind: "table",
      caption:
        "Measured at the last evaluation; layers are counted from the input, the output's last",
      columns: [
        ...columns,
        ...measured.map((name) => ({ heading: name.replaceAll("_", " "), numeric: true })),
      ],
      rows: rows.map(({ place, trial }) => [...place, ...valuesOf(trial)]),
    },
  ];
}

function provenanceSection(result: StudyResult, provenance: Provenance): Section {
  const { dataset, versions, seconds, command } = provenance;
  const entries: [string, Text][] = [
    [
      "data",
      [`${dataset.name}, from `, { code: dataset.origin }, ", digest ", shortHash(dataset.digest)],
    ],
    ...Object.entries(versions).map(([name, version]): [string, Text] => [name, [String(version)]]),
    ...Object.entries(seconds).map(([name, value]): [string, Text] => [
      `time: ${name}`,
      [duration(value)],
    ]),
    [
      `fingerprint of the ${result.isUnfinished ? "trials so far" : "study"}`,
      [{ code: result.fingerprint }],
    ],
  ];
  return {
    id: "provenance",
    heading: "Where this comes from",
    blocks: [
      { kind: "paragraph", text: ["This command gives the same bits on any machine:"] },
      { kind: "code", language: "sh", code: command },
      {
        kind: "table",
        caption: "Provenance",
        columns: [
          { heading: "", numeric: false },
          { heading: "", numeric: false },
        ],
        rows: entries.map(([name, value]) => [[name], value]),
      },
      {
        kind: "paragraph",
        text: ["The full specification, as a study that ", { code: "widthwise run" }, " reads:"],
      },
      { kind: "code", language: "yaml", code: stringify(written(result.study)).trimEnd() },
    ],
  };
}

function shortHash(hash: string): Inline {
  return { short: hash.slice(0, 12), full: hash };
}
