// `widthwise show`: one kept study with its trials, or one trial in full.

import type { Command } from "commander";
import { passesToInterpolation } from "../../../analysis/interpolation.ts";
import { measure } from "../../../analysis/bands.ts";
import { scheduleWords } from "../../../analysis/evaluated.ts";
import { exampleChoices } from "../../../model/trial.ts";
import { axisName } from "../../../records/point.ts";
import { lastPass, type TrialRecord } from "../../../records/record.ts";
import type {
  StudyUse,
  KeptStudy,
  RecordStore,
  StudyTrial,
  TrialFacts,
} from "../../../records/store.ts";
import type { Sitting } from "../../../records/sitting.ts";
import { accuracyPercent, duration, threeDigits } from "../../../base/numbers.ts";
import type { Study } from "../../../study/spec.ts";
import { alignedLines } from "../../view/columns.ts";
import type { Context } from "../../context.ts";
import { minute, reached, short, wholePasses, type Reached } from "../../view/kept-text.ts";
import { damagedTrial, selectAll, tellSeveral } from "../../selection.ts";
import { STORE_OPTION, withKeptStore } from "../../store.ts";

interface ShowOptions {
  readonly store?: string;
  readonly json?: boolean;
}

const HELP = `
A study is named by its name (the one planned last, where several have it), by
the beginning of its id or by the path of its file, a trial by the beginning of
its key; beginnings have four digits up.

A trial is shown in full: its specification, who asked for it, where it was
trained, and every pass. --json prints an array with an object for each; a loss
that is not a finite number is null there. Times are UTC.

Examples:
  $ widthwise show homework
  $ widthwise show 3f2a9c
  $ widthwise show 3f2a9c --json | jq '.[0].trajectory[-1].test.correct'

Exit codes: 0 done, 1 failed, 2 bad usage, or not kept, 130 interrupted.`;

export function addShowCommand(program: Command, context: Context): void {
  program
    .command("show")
    .summary("show a kept study, or one trial in full")
    .description("Shows a kept study with its trials, or one trial in full.")
    .argument("<study|key...>", "a study's name, id or file, or a trial's key")
    .option(...STORE_OPTION)
    .option("--json", "print one JSON document")
    .addHelpText("after", HELP)
    .action((words: readonly string[], options: ShowOptions) => show(words, options, context));
}

/** What is shown of one thing: the object of --json, and the lines for people. */
interface Shown {
  readonly document: unknown;
  readonly lines: readonly string[];
}

async function show(
  words: readonly string[],
  options: ShowOptions,
  context: Context,
): Promise<void> {
  const look = async (store: RecordStore) => {
    const found: Shown[] = [];
    for (const [i, selected] of (await selectAll(store, words)).entries()) {
      await tellSeveral(store, words[i], selected, context.stderr);
      found.push(
        selected.kind === "study"
          ? await showStudy(store, selected.study)
          : await showTrial(store, selected.key),
      );
    }
    return found;
  };
  const shown = await withKeptStore(options.store, context, look, { toRead: true });
  context.stdout.write(
    options.json
      ? `${JSON.stringify(
          shown.map(({ document }) => document),
          null,
          2,
        )}\n`
      : `${shown.map(({ lines }) => lines.join("\n")).join("\n\n")}\n`,
  );
}

async function showStudy(store: RecordStore, kept: KeptStudy): Promise<Shown> {
  const specification = JSON.parse(kept.specification) as Study;
  const facts = new Map(
    (await store.trials(kept.trials.map(({ key }) => key))).map((trial) => [trial.key, trial]),
  );
  const trials: TrialOfStudy[] = [];
  for (const asked of kept.trials) {
    const found = facts.get(asked.key) ?? null;
    trials.push({ asked, facts: found, ...(await reached(store, found, asked)) });
  }
  const { id, name, created, finished, fingerprint, dataset } = kept;
  return {
    document: {
      ...{ id, name, planned: created, finished, fingerprint, dataset, specification },
      trials: trials.map(({ asked, facts, outcome }) => ({
        ...placed(asked),
        outcome,
        trained: facts?.passes ?? null,
      })),
    },
    lines: [
      `study ${name}`,
      specification.question,
      "",
      ...indented([
        ["id", id],
        ["planned", `${minute(created)} UTC`],
        ["finished", finished === null ? "not yet" : `${minute(finished)} UTC`],
        ["fingerprint", fingerprint ?? "not yet"],
        ["data set", `${dataset.name} ${short(dataset.digest)}`],
      ]),
      "",
      ...trialLines(trials),
    ],
  };
}

/** With its place as fields of its own. */
function placed({ point: { values, seed }, ...trial }: StudyTrial) {
  return { ...trial, ...values, seed };
}

/** A column for each axis of the study's points. */
function trialLines(trials: readonly TrialOfStudy[]): string[] {
  const axes = Object.keys(trials.at(0)?.asked.point.values ?? {});
  const names = axes.map((axis) => axisName(axis, axes));
  const header = ["trial", "for", ...names, "seed", "rate", "passes", "outcome", "train", "test"];
  const right = header.flatMap((name, column) =>
    ["trial", "for", "outcome"].includes(name) ? [] : [column],
  );
  return alignedLines([header, ...trials.map(studyRow)], right);
}

/** It may have gone on for another study: what is told is what this one asks for. */
interface TrialOfStudy extends Reached {
  readonly asked: StudyTrial;
  readonly facts: TrialFacts | null;
}

function studyRow({ asked, facts, last, outcome, passes: trained }: TrialOfStudy): string[] {
  const { key, role, passes, point } = asked;
  return [
    short(key),
    role,
    ...Object.values(point.values).map(String),
    String(point.seed ?? "–"),
    facts === null ? "" : String(facts.specification.training.learning_rate),
    `${Math.min(trained ?? 0, passes)}/${passes}`,
    outcome,
    last === null ? "" : accuracyPercent(last.train),
    last === null ? "" : accuracyPercent(last.test),
  ];
}

async function showTrial(store: RecordStore, key: string): Promise<Shown> {
  const facts = (await store.trials([key])).at(0);
  const record = facts === undefined ? null : await store.get(key, wholePasses(facts));
  if (facts === undefined || record === null) throw damagedTrial(key);
  const studiesUsing = await store.studiesUsing(key);
  const sittings = await store.sittings(key);
  const open: number[] = [];
  for (const { trial } of studiesUsing)
    if ((await reached(store, facts, trial)).outcome === "unfinished") open.push(trial.passes);
  const asked = Math.max(facts.passes, ...open);
  const { specification, trajectory, fingerprint, ending, seconds } = record;
  return {
    document: {
      ...{ key, specification, ending, fingerprint, seconds },
      outcome: (await reached(store, facts, { passes: asked })).outcome,
      studies: studiesUsing.map(({ study: { id, name }, trial: { passes, role } }) => ({
        id,
        name,
        passes,
        role,
      })),
      weights: facts.weights,
      sittings,
      trajectory,
    },
    lines: [
      `trial ${key}`,
      "",
      ...indented([
        ...specificationRows(specification),
        ...labelled("asked for by", studiesUsing.map(useText)),
        ["outcome", outcomeText(record, asked)],
        ["interpolates", interpolationText(record)],
        ["fingerprint", fingerprint],
        ["weights", facts.weights.length === 0 ? "none" : `after pass ${facts.weights.join(", ")}`],
        ...labelled("trained", sittings.flatMap(sittingTexts)),
      ]),
      "",
      ...alignedLines([TRIAL_HEADER, ...trialRows(record)], [0, 1, 2, 3, 4]),
    ],
  };
}

function initializationText({ init, init_std }: TrialRecord["specification"]["model"]): string {
  if (typeof init === "object") return `given, digest ${short(init.parameters)}`;
  if (init !== undefined) return `${init}'s`;
  return `standard deviation ${typeof init_std === "object" ? init_std.join(", ") : init_std}`;
}

/** What has a default and is not left at it; `told` is what has a row of its own. */
function choiceRows(choices: object, ...told: readonly string[]): Line[] {
  return Object.entries(choices)
    .filter(([choice]) => !told.includes(choice))
    .map(([choice, value]: [string, unknown]) => [choice.replace("_", " "), settingText(value)]);
}

function settingText(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return value.join(", ");
  return Object.entries(value)
    .map(([name, setting]) => `${name} ${settingText(setting)}`)
    .join(", ");
}

function specificationRows({
  model,
  training,
  data,
  streams,
  numerics,
  evaluate,
}: TrialRecord["specification"]): Line[] {
  const { hidden, perturbation } = model;
  const perturbed = perturbation === undefined ? "" : `, perturbation ${perturbation}`;
  return [
    ["hidden layers", hidden.length === 0 ? "none" : hidden.join(", ")],
    ...choiceRows(model, "hidden", "init", "init_std", "perturbation"),
    ["initial weights", `${initializationText(model)}${perturbed}`],
    ["learning rate", String(training.learning_rate)],
    ["regularization", String(training.regularization)],
    ...choiceRows(training, "learning_rate", "regularization"),
    ["training set", `${data.train_examples} examples of ${short(data.dataset)}`],
    ...choiceRows(exampleChoices(data)),
    [
      "streams",
      streams.kind === "named"
        ? `named, study seed ${streams.study_seed}, seed ${streams.seed}`
        : `notebook, NumPy seed ${streams.numpy_seed}, torch seed ${streams.torch_seed}, after ${streams.after.length} trainings`,
    ],
    ...(evaluate ? ([["evaluated", scheduleWords(evaluate)]] as const) : []),
    ["numerics", `version ${numerics}`],
  ];
}

function useText({ study, trial }: StudyUse): string {
  const role = { search: " for its search", sweep: "", perturbed: " for rounding's spread" }[
    trial.role
  ];
  return `${study.name} ${short(study.id)}, ${trial.passes} passes${role}`;
}

function outcomeText(record: TrialRecord, asked: number): string {
  const { ending } = record;
  const passes = lastPass(record);
  if (ending.kind === "diverged") return `diverged at step ${ending.step} of pass ${ending.pass}`;
  return passes < asked ? `unfinished: ${passes} of ${asked} passes` : `finished: ${passes} passes`;
}

function interpolationText(record: TrialRecord): string {
  const passes = passesToInterpolation(record);
  return passes === null ? "not within these passes" : `after pass ${passes}`;
}

function sittingTexts({ from, to, seconds, machine, versions }: Sitting): string[] {
  return [`passes ${from} to ${to} in ${duration(seconds)}`, `  on ${machine}`, `  by ${versions}`];
}

const TRIAL_HEADER = ["pass", "train loss", "train accuracy", "test loss", "test accuracy"];

function trialRows({ trajectory }: TrialRecord): string[][] {
  return trajectory.map((evaluation) => [
    String(evaluation.pass),
    threeDigits(measure(evaluation, "train_loss")),
    accuracyPercent(evaluation.train),
    threeDigits(measure(evaluation, "test_loss")),
    accuracyPercent(evaluation.test),
  ]);
}

type Line = readonly [label: string, text: string];

/** The label beside the first text alone. */
function labelled(label: string, texts: readonly string[]): Line[] {
  return texts.map((text, index) => [index === 0 ? label : "", text]);
}

function indented(lines: readonly Line[]): string[] {
  return alignedLines(lines).map((line) => `  ${line}`);
}
