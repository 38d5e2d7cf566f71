// `widthwise compare`: two kept studies laid over each other.

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { InputError } from "../../../base/errors.ts";
import { sha256 } from "../../../base/sha256.node.ts";
import type { RecordStore } from "../../../records/store.ts";
import type { Context } from "../../context.ts";
import { FORCE_OPTION } from "../../options.ts";
import { storeFiles } from "../../output/inputs.ts";
import { selectStudy, tellSeveral } from "../../selection.ts";
import { STORE_OPTION, storePath, withKeptStore } from "../../store.ts";
import { alignedLines } from "../../view/columns.ts";

interface CompareOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly store?: string;
  readonly json?: boolean;
}

const HELP = `
A study is named by its name (of several the one with an answer that was run
last, which is told), by the beginning of its id (four digits up) or by the path
of its file.

Of every point that both have, the last evaluation and the passes to
interpolation stand beside each other, as medians, with how much more the
second one has. Where both draw the same examples and order for a seed, that
is the median of what each seed that they share has more, with its interval;
else it is the difference of the medians, and has none. Nothing is trained.
With --out compare.html and .md, .json and the figure are written to a folder
that holds no run's report.

Examples:
  $ widthwise compare homework wide
  $ widthwise compare 3f2a9c 81be02 --json | jq '.points[].metrics'
  $ widthwise compare homework wide --out runs/homework-and-wide

Exit codes: 0 done, 1 failed, 2 bad usage or nothing in common, 130 interrupted.`;

export function addCompareCommand(program: Command, context: Context): void {
  program
    .command("compare")
    .summary("lay two kept studies over each other")
    .description("Lays two kept studies over each other, point by point.")
    .argument("<a>", "a kept study's name, the beginning of its id, or its file's path")
    .argument("<b>", "another one's")
    .option("--out <dir>", "write the comparison to this folder, too")
    .option(...FORCE_OPTION)
    .option(...STORE_OPTION)
    .option("--json", "print one JSON document")
    .addHelpText("after", HELP)
    .action((a: string, b: string, options: CompareOptions) => compare(a, b, options, context));
}

async function compare(
  a: string,
  b: string,
  { out, force, json, store: option }: CompareOptions,
  context: Context,
): Promise<void> {
  const { effects, stdout, stderr } = context;
  const {
    comparisonOf,
    comparisonJson,
    comparisonRows,
    comparisonSentences,
    renderComparison,
    COMPARISON_FILES,
  } = await import("../../../report/comparison.node.ts");
  const { CATALOGUE } = await import("../../../questions/catalogue.ts");
  const { answerFromStore } = await import("../../../study/kept/answer.ts");
  const look = async (store: RecordStore) => {
    const found = async (word: string) => {
      const study = await selectStudy(store, word, "answered");
      await tellSeveral(store, word, { kind: "study", study }, stderr);
      const result = await answerFromStore(study, {
        ...{ catalogue: CATALOGUE, store, sha256, signal: context.signal },
      });
      return { result, digest: study.dataset.digest };
    };
    const [one, other] = [await found(a), await found(b)];
    return comparisonOf(one.result, other.result, one.digest === other.digest);
  };
  if (out !== undefined && existsSync(join(out, "report.html")))
    throw new InputError(`--out ${out}: it holds a run's report; name another folder`);
  const comparison = await withKeptStore(option, context, look, { toRead: true });
  if (out !== undefined) {
    const others = storeFiles(storePath(option, context.env));
    const folder = await effects.findOutputFolder(out, { names: COMPARISON_FILES, others, force });
    await folder.replace(renderComparison(comparison), context.signal);
  }
  const lines = [
    ...comparisonSentences(comparison),
    "",
    ...alignedLines(comparisonRows(comparison)),
    ...(out === undefined ? [] : ["", `comparison: ${join(out, "compare.html")}`]),
  ];
  stdout.write(json ? comparisonJson(comparison) : `${lines.join("\n")}\n`);
}
