// `widthwise report`: a kept study's report drawn anew, without training.

import { join } from "node:path";
import type { Command } from "commander";
import { WidthwiseError } from "../../../base/errors.ts";
import type { RecordStore } from "../../../records/store.ts";
import { sha256 } from "../../../base/sha256.node.ts";
import type { Study } from "../../../study/spec.ts";
import { answerLines } from "../../view/answer.ts";
import type { Context } from "../../context.ts";
import { storeFiles } from "../../output/inputs.ts";
import { keptProvenance, unknownProvenance } from "../../kept-provenance.ts";
import { FORCE_OPTION, SIZE_OPTION, type Size } from "../../options.ts";
import { selectStudy, tellSeveral } from "../../selection.ts";
import { seenFrom } from "../../study-files.ts";
import { STORE_OPTION, storePath, withKeptStore } from "../../store.ts";

interface ReportOptions {
  readonly out?: string;
  readonly size: Size;
  readonly force?: boolean;
  readonly store?: string;
  readonly json?: boolean;
}

const HELP = `
<study> is the name of a study that was run, the beginning of its id or the path
of its file; of several of that name the one with an answer that was run last,
which is told.

Writes the files that widthwise run writes, from the record store alone: no
trial is trained, and the data set is not needed. Of a study that another
program has run with the library the report says that its origin is not known.
What you have put into the folder or changed there is not overwritten, unless
you give --force. --size slide draws the figures 16:9 with letters that a room
can read, and each panel of the curves as a figure of its own, too.

Examples:
  $ widthwise report homework
  $ widthwise report homework --size slide --out runs/talk
  $ widthwise report homework --out ~/homework --json | jq .eta_star

Exit codes: 0 done, 1 failed, 2 bad usage or bad input, 130 interrupted.`;

export function addReportCommand(program: Command, context: Context): void {
  program
    .command("report")
    .summary("draw a kept study's report anew, without training")
    .description("Draws the report of a study from what is kept of it, without training.")
    .argument("<study>", "a kept study's name, the beginning of its id, or its file's path")
    .option("--out <dir>", "output folder (default: runs/<study>)")
    .addOption(SIZE_OPTION)
    .option(...FORCE_OPTION)
    .option(...STORE_OPTION)
    .option("--json", "print summary.json's content instead of the answers")
    .addHelpText("after", HELP)
    .action((study: string, options: ReportOptions) => report(study, options, context));
}

async function report(word: string, options: ReportOptions, context: Context): Promise<void> {
  const { effects, mortally, signal, stdout, stderr } = context;
  const { answered, reportFileNames } = await import("../../../questions/asked.ts");
  const { CATALOGUE } = await import("../../../questions/catalogue.ts");
  const { answerFromStore } = await import("../../../study/kept/answer.ts");
  const draw = async (store: RecordStore) => {
    const study = await selectStudy(store, word, "answered");
    await tellSeveral(store, word, { kind: "study", study }, stderr);
    const folder = await effects.findOutputFolder(options.out ?? join("runs", study.name), {
      names: reportFileNames(JSON.parse(study.specification) as Study, CATALOGUE, options.size),
      others: storeFiles(storePath(options.store, context.env)),
      force: options.force,
    });
    const result = await answerFromStore(study, { catalogue: CATALOGUE, store, sha256, signal });
    const provenance =
      (await keptProvenance(store, study.id)) ??
      (study.finished === null ? null : unknownProvenance(study));
    if (provenance === null) {
      throw new WidthwiseError(
        `study ${study.name}: it has not been answered yet; run it, which trains only what is missing`,
      );
    }
    const { found, files } = await mortally(async () => {
      const found = answered({ ...result, study: seenFrom(folder.path, result.study) }, CATALOGUE);
      return { found, files: await effects.renderReport(found, provenance, options.size) };
    });
    await folder.replace(files, signal);
    if (options.json) stdout.write((files.get("summary.json") ?? "") as string);
    else stdout.write(`${answerLines(found, folder.path).join("\n")}\n`);
  };
  await withKeptStore(options.store, context, draw, { toRead: true });
}
