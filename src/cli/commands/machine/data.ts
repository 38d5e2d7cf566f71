// `widthwise data`: what is in a data set, and where it comes from; as text, as a picture, or as NumPy's arrays.

import { Option, type Command } from "commander";
import { InputError } from "../../../base/errors.ts";
import { nearest } from "../../../base/nearest.ts";
import { count, enumerate, runs } from "../../../base/numbers.ts";
import { oneLine, quote } from "../../../base/quote.ts";
import { sha256 } from "../../../base/sha256.node.ts";
import type { Dataset } from "../../../data/dataset.ts";
import type { Undigested } from "../../../data/digest.ts";
import type { DataSource } from "../../../data/sets/set.ts";
import { constantFeatures, summary, type SetSummary } from "../../../data/summary.ts";
import type { Study } from "../../../study/spec.ts";
import type { Context } from "../../context.ts";
import { DATA_OPTION, HOMEWORK_DATA, loadData } from "../../data.ts";
import { FORCE_OPTION, parseSeeds } from "../../options.ts";
import { dataFiles, ownData, studyFile } from "../../output/inputs.ts";
import { claimFile } from "../../output/output-file.ts";
import { findStudy, isPath } from "../../study-files.ts";
import { alignedLines } from "../../view/columns.ts";

interface DataOptions {
  readonly prepared?: boolean;
  readonly seed?: number;
  readonly format: "png" | "npz";
  readonly out?: string;
  readonly force?: boolean;
  readonly data?: string;
  readonly json?: boolean;
}

/** Of constant features that are told one by one. */
const RUNS = 8;

const HELP = `
[data] is a study, whose data set is meant; or a data set's name; or the path of
a .npz file or a folder of IDX files (a path has a / or a dot). A CSV file takes
a study, which says what its test set is.

--out FILE is a picture of the first ten training images of each class, a row
for each; with --format npz it is the whole data set for NumPy, under Keras'
names: x_train, y_train, x_test, y_test. --prepared shows, and writes, what the
study's trials learn from: its examples, its label noise, standardized.

The files of a published data set are taken from the first of these places, and
the content of every file is checked against its published SHA-256:

  1. --data DIR, or the environment's WIDTHWISE_DATA (then from nowhere else)
  2. the cache folder of this machine
  3. the folder of Debian's package, such as dataset-fashion-mnist
  4. the official mirrors
  5. Debian's archive, through apt (needs no root)

What is fetched is kept in the cache folder. A data set without files is made.

Examples:
  $ widthwise data
  $ widthwise data fashion-mnist --out clothes.png
  $ widthwise data ./mine.npz --json
  $ widthwise data mnist-1d --format npz --out mnist-1d.npz
  $ widthwise data ./mine.yaml --prepared --seed 3 --format npz --out seen.npz

Exit codes: 0 done, 1 found nowhere, 2 bad usage or files, 130 interrupted.`;

export function addDataCommand(program: Command, context: Context): void {
  program
    .command("data")
    .summary("show what is in a data set, and where it comes from")
    .description("Shows what is in a data set, and where it comes from; fetches and verifies it.")
    .argument("[data]", "a study, a data set's name, or the path of one", HOMEWORK_DATA.name)
    .option("--prepared", "as the study's trials see it")
    .option("--seed <seed>", "of named streams, for --prepared (default: the study's)", parseSeed)
    .option("--out <file>", "write a picture of some examples, or what --format says")
    .addOption(
      new Option("--format <format>", "what to write").choices(["png", "npz"]).default("png"),
    )
    .option(...FORCE_OPTION)
    .option(...DATA_OPTION)
    .option("--json", "print one JSON document")
    .addHelpText("after", HELP)
    .action((word: string, options: DataOptions) => data(word, options, context));
}

async function data(word: string, options: DataOptions, context: Context): Promise<void> {
  const { prepared = false, seed, out, format, force, json, data: directory } = options;
  const { stdout, env } = context;
  if (out === undefined && format === "npz")
    throw new InputError("--format npz: name where to write with --out");
  if (seed !== undefined && !prepared)
    throw new InputError("--seed: trials have seeds; ask for what they see with --prepared");
  const { source, study } = await find(word, seed);
  if (prepared && study === null)
    throw new InputError(
      `--prepared: ${quote(word)} is no study, which says what its trials see; name one`,
    );
  const inputs = [...(await ownData(source)), ...(await dataFiles(directory, env))];
  const others = [...(study === null ? [] : studyFile(word)), ...inputs];
  const write =
    out === undefined ? null : await claimFile("--out", out, { content: "data", others, force });

  const { dataset, origin } = await loadData(source, directory, context);
  const shown = prepared && study !== null ? await prepare(study, dataset) : dataset;
  if (write !== null) await write(await piecesOf(shown, format));
  const { name, digest } = dataset;
  const found = { name, origin, ...(prepared && { prepared: word }), digest, ...factsOf(shown) };
  stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : `${textOf(found).join("\n")}\n`);
}

/** What the user means; `study` is null for a data set alone. */
async function find(
  word: string,
  seed: number | undefined,
): Promise<{ readonly source: DataSource; readonly study: Study | null }> {
  const { DATASETS } = await import("../../../data/sets/table.ts");
  if (Object.hasOwn(DATASETS, word)) return { source: { name: word }, study: null };
  const isStudy = /\.ya?ml$/i.test(word) || !/[/\\.]/.test(word);
  if (!isStudy) return { source: { path: word }, study: null };
  try {
    const study = await findStudy(word, { seeds: seed === undefined ? undefined : [seed] });
    return { source: study.dataset, study };
  } catch (error) {
    if (isPath(word) || !(error instanceof InputError)) throw error;
    const names = Object.keys(DATASETS);
    const near = nearest(word, names);
    if (near === null) throw new InputError(`${error.message}; data sets are ${enumerate(names)}`);
    throw new InputError(`unknown study or data set ${quote(word)}; did you mean ${near}?`);
  }
}

async function prepare(study: Study, dataset: Dataset): Promise<Undigested> {
  const { preparedFor } = await import("../../../study/prepared.ts");
  return preparedFor(study, dataset, sha256);
}

async function piecesOf(dataset: Undigested, format: DataOptions["format"]) {
  const { datasetNpz } = await import("../../../export/dataset-npz.ts");
  const { examplesPng } = await import("../../../export/examples-png.node.ts");
  return format === "npz" ? datasetNpz(dataset) : [examplesPng(dataset)];
}

function factsOf({ classes, train, test, image, classNames }: Undigested) {
  return {
    classes,
    values: train.values instanceof Uint8Array ? "bytes" : "float32",
    ...(image && { image }),
    train: summary(train, classes),
    test: summary(test, classes),
    constant_features: constantFeatures(train),
    ...(classNames && { class_names: classNames }),
  };
}

type Found = ReturnType<typeof factsOf> & {
  readonly name: string;
  readonly origin: string;
  readonly prepared?: string;
  readonly digest: string;
};

function textOf({ name, origin, prepared, digest, train, test, ...facts }: Found): string[] {
  const { classes, values, image, constant_features: constant, class_names: names } = facts;
  const set = ({ examples, size, smallest, largest }: SetSummary) =>
    `${count(examples)} examples of ${image ? `${image.rows} × ${image.columns}` : size} values, ` +
    `${values} from ${short(smallest)} to ${short(largest)}`;
  // Names that are numbers tell nothing more.
  const isNamed = names?.some((called, label) => called !== String(label)) === true;
  const counts = train.classes.map((number, label) => [
    count(label),
    ...(isNamed ? [oneLine(names[label])] : []),
    ...[number, test.classes[label]].map(count),
  ]);
  return [
    name + (prepared === undefined ? "" : `, as trials of ${prepared} see it`),
    `  from      ${origin}`,
    `  training  ${set(train)}`,
    `  test      ${set(test)}`,
    `  classes   ${classes}`,
    `  constant  ${constantText(constant, train.size)}`,
    `  digest    ${digest}`,
    "",
    ...alignedLines(
      [["class", ...(isNamed ? ["name"] : []), "training", "test"], ...counts],
      isNamed ? [0, 2, 3] : [0, 1, 2],
    ).map((line) => `  ${line}`),
  ];
}

/** What standardizing cannot scale, as the first of its runs. */
function constantText(constant: readonly number[], size: number): string {
  if (constant.length === 0) return `none of the ${size} features in training`;
  const found = runs(constant);
  const few = found.split(", ").slice(0, RUNS).join(", ");
  const more = few === found ? "" : ", …";
  return `${constant.length} of the ${size} features in training: ${few}${more}`;
}

/** Six digits, which float32 has. */
function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function parseSeed(text: string): number {
  const [seed, ...others] = parseSeeds(text);
  if (others.length > 0) throw new InputError(`--seed: expected one seed, got ${quote(text)}`);
  return seed;
}
