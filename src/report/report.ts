// The report of a study as a document: the question, its answers, both figures, the learning-rate
// search, every width, the notebook beside it, and where it all comes from.

import { stringify } from "yaml";

import type { TrialSummary } from "../analysis/summary.ts";
import { summarizeWidths } from "../analysis/summary.ts";
import type { StudyResult } from "../study/result.ts";
import type { Study } from "../study/spec.ts";
import { subsetWarning } from "../study/misleading.ts";
import { answers, facts, hasSeeds } from "./answers.ts";
import type { Block, Drawing, Inline, Report, Section, Text } from "../document/document.ts";
import { searched, trainedNetwork } from "./network.ts";
import { notebookSection } from "../homework/report-section.ts";
import { accuracyPercent, count, duration, passes, threeDigits } from "../base/numbers.ts";
import type { Provenance } from "./provenance.ts";
import { reliance } from "./reliance.ts";

/** The drawings that the report shows; `learningRate` is null where no search was made. */
export interface ReportFigures {
  readonly curves: Drawing;
  readonly interpolation: Drawing;
  readonly learningRate: Drawing | null;
}

export function buildReport(
  result: StudyResult,
  provenance: Provenance,
  figures: ReportFigures,
): Report {
  const notebook = notebookSection(result);
  return {
    title: result.study.name,
    question: result.study.question,
    sections: [
      {
        id: "answers",
        heading: "Answers",
        blocks: [
          facts(result),
          { kind: "list", items: answers(result) },
          { kind: "note", text: reliance(result) },
          ...noiseNote(result),
          ...subsetNote(result, provenance),
        ],
      },
      {
        id: "curves",
        heading: "Losses and accuracies",
        blocks: [{ kind: "figure", number: 1, ...figures.curves }],
      },
      {
        id: "interpolation",
        heading: "Passes to interpolation",
        blocks: [{ kind: "figure", number: 2, ...figures.interpolation }],
      },
      ...searchSections(result, figures.learningRate),
      widthsSection(result),
      ...(notebook === null ? [] : [notebook]),
      provenanceSection(result, provenance),
    ],
  };
}

function subsetNote({ outcomes }: StudyResult, { dataset }: Provenance): Block[] {
  const { train_examples } = outcomes[0].record.specification.data;
  const { misleading_pixels: pixels = 0, misleading_inputs: inputs = 0 } = dataset;
  const input = pixels > 0 ? "pixel" : "input";
  const warning = subsetWarning(pixels + inputs, train_examples, input);
  return warning === null ? [] : [{ kind: "note", text: [`${warning}.`] }];
}

/** Which labels training was measured against, where these are not the data set's. */
function noiseNote({ study }: StudyResult): Block[] {
  const { label_noise: noise } = study.dataset;
  if (noise === undefined) return [];
  const change =
    "share" in noise
      ? `a share of ${noise.share} of them was replaced by another class`
      : `each was drawn anew over all classes with probability ${noise.probability}`;
  const text = `Training losses and accuracies are against noisy labels, of which ${change}; test labels are the data set's own.`;
  return [{ kind: "note", text: [text] }];
}

function searchSections(result: StudyResult, drawing: Drawing | null): Section[] {
  const { search, study } = result;
  if (search === null || drawing === null) return [];
  const { network, seed } = searched(search);
  const several = hasSeeds(result);
  const table: Block = {
    kind: "table",
    caption: "Every rate tried, in the order of trying; losses are training objectives in nats",
    columns: [
      { heading: "learning rate", numeric: true },
      { heading: "before", numeric: true },
      { heading: "after one pass", numeric: true },
      { heading: "threshold", numeric: true },
      { heading: "verdict", numeric: false },
      { heading: "margin: after ÷ threshold", numeric: true },
    ],
    rows: search.probes.map((probe) => [
      [String(probe.learning_rate)],
      [threeDigits(probe.before)],
      [Number.isFinite(probe.after) ? threeDigits(probe.after) : "not finite"],
      [threeDigits(probe.threshold)],
      [probe.verdict === "converges" ? { strong: "converges" } : "diverges"],
      [threeDigits(probe.margin)],
    ]),
  };
  return [
    {
      id: "learning-rate",
      heading: "The learning-rate search",
      blocks: [
        {
          kind: "paragraph",
          text: [
            `A learning rate converges if one pass brings the training loss ${network.at} below ${study.search.factor} times what it was, else it diverges. Starting at 0.1, the rate is divided by 10 until one converges, then doubled until one diverges; η* = ${search.eta_star} is the last that converged.`,
            several ? ` It was searched with seed ${seed} alone.` : "",
          ],
        },
        table,
        { kind: "figure", number: 3, ...drawing },
      ],
    },
  ];
}

function widthsSection(result: StudyResult): Section {
  const summaries = summarizeWidths(result.outcomes);
  const seeds = hasSeeds(result);
  const number = (heading: string): { heading: string; numeric: boolean } => ({
    heading,
    numeric: true,
  });
  return {
    id: "widths",
    heading: seeds ? "Every width and seed" : "Every width",
    blocks: [
      {
        kind: "table",
        caption: `Passes to interpolation, and the last evaluation within ${passes(result.study.training.passes)}; losses in nats`,
        columns: [
          number(trainedNetwork(result, summaries[0]).heading),
          ...(seeds ? [number("seed")] : []),
          number("passes to interpolation"),
          number("training loss"),
          number("training accuracy"),
          number("test loss"),
          number("test accuracy"),
          number("seconds"),
          { heading: "fingerprint", numeric: false },
        ],
        rows: summaries.flatMap((summary) =>
          summary.trials.map((trial) =>
            trialRow(trainedNetwork(result, summary).entry, trial, seeds),
          ),
        ),
      },
    ],
  };
}

function trialRow(network: string, trial: TrialSummary, seeds: boolean): Text[] {
  const { point, record } = trial.outcome;
  const last = record.trajectory.at(-1);
  const ending =
    trial.diverged === null
      ? ""
      : ` (diverged in pass ${trial.diverged.pass}, step ${count(trial.diverged.step)})`;
  return [
    [network],
    ...(seeds ? [[String(point.seed ?? "")]] : []),
    [`${trial.passes ?? "never"}${ending}`],
    [last ? threeDigits(last.train.objective) : ""],
    [last ? accuracyPercent(last.train) : ""],
    [last ? threeDigits(last.test.objective) : ""],
    [last ? accuracyPercent(last.test) : ""],
    [record.seconds.toFixed(2)],
    [shortHash(record.fingerprint)],
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
    ["fingerprint of the study", [{ code: result.fingerprint }]],
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

/** A study without the defaults that its file must not name: those that speak of a swept width, where none is. */
function written(study: Study): object {
  if (study.sweep.width.length > 0) return study;
  return { ...study, search: { factor: study.search.factor }, sweep: undefined };
}

function shortHash(hash: string): Inline {
  return { short: hash.slice(0, 12), full: hash };
}
