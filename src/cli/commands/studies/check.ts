// `widthwise check`: a published claim, tested.

import { Option } from "commander";
import type { Command } from "commander";
import { InputError } from "../../../base/errors.ts";
import { duration, roughDuration } from "../../../base/numbers.ts";
import type { Change } from "../../../base/yaml.ts";
import type { ClaimFile, TestedClaim } from "../../../claims/claim.ts";
import type { Answered } from "../../../questions/asked.ts";
import type { Provenance } from "../../../report/provenance.ts";
import { findClaim, shippedClaims } from "../../claim-files.ts";
import type { Context } from "../../context.ts";
import { DATA_OPTION } from "../../data.ts";
import {
  FORCE_OPTION,
  SIZE_OPTION,
  allowedWorkers,
  defaultWorkers,
  parseSeeds,
  parseSet,
  parseWorkers,
} from "../../options.ts";
import { STORE_OPTION, storePath } from "../../store.ts";
import { seedsChange } from "../../study-files.ts";
import { alignedLines } from "../../view/columns.ts";
import { dryRun } from "./dry-run.ts";
import { changeWords } from "./overrides.ts";
import { runAndTell, type Running } from "./run-and-tell.ts";

interface CheckOptions extends Running {
  readonly quick?: boolean;
  readonly seeds?: readonly number[];
  readonly set?: readonly Change[];
  readonly dryRun?: boolean;
}

const HELP = `
<claim> is a shipped claim, or the path of a claim's file of your own:
./mine.yaml. Without it, the shipped claims are listed, with the seconds of one
processor that they take whole and quick.

A claim is a study with published numbers and a rule that was written before it
was run. It is run as widthwise run would run it: progress goes to stderr, what
is trained is kept, and an interrupted check goes on where it was. At its end
the claim is reproduced if all its criteria hold, not reproduced if one fails,
else undecided; each of these is an answer, with exit code 0. The report has the
verdict as its first section, summary.json as its field "claim".

--quick runs the smaller form that the file tells, into runs/<study>-quick.

Examples:
  $ widthwise check
  $ widthwise check homework
  $ widthwise check homework --quick --json | jq .claim.verdict
  $ widthwise check threshold-by-examples --dry-run

Exit codes: 0 done, 1 failed, 2 bad usage or bad input, 130 interrupted.`;

export function addCheckCommand(program: Command, context: Context): void {
  program
    .command("check")
    .summary("test a published claim, or list all")
    .description("Runs the study of a published claim and says whether it is reproduced.")
    .argument("[claim]", "a shipped claim's name, or a path")
    .option("--quick", "run the claim's quick form, of a minute at most")
    .option("--seeds <seeds>", "take these seeds in the place of the claim's: 0..9", parseSeeds)
    .addOption(
      new Option(
        "--set <path=value>",
        "put a value in the place of its study's: training.passes=50 (may be given again)",
      ).argParser(parseSet),
    )
    .addOption(
      new Option("--workers <n>", "worker threads, at most 8 a processor")
        .argParser(parseWorkers)
        .default(defaultWorkers(), "one per processor"),
    )
    .option("--out <dir>", "output folder (default: runs/<study>)")
    .addOption(SIZE_OPTION)
    .option(...FORCE_OPTION)
    .option(...STORE_OPTION)
    .option(...DATA_OPTION)
    .option("--json", "print summary.json's content, or the list as JSON")
    .option("--dry-run", "tell how many trials, how long and how much memory, and train none")
    .addHelpText("after", HELP)
    .action((claim: string | undefined, options: CheckOptions) =>
      claim === undefined ? list(options, context) : check(claim, options, context),
    );
}

async function list({ json }: CheckOptions, { stdout }: Context): Promise<void> {
  const claims = await shippedClaims();
  const document = claims.map(({ claim: { name, claim, source }, seconds }) => ({
    ...{ name, claim, source, seconds },
  }));
  stdout.write(
    json ? `${JSON.stringify(document, null, 2)}\n` : `${listLines(claims).join("\n")}\n`,
  );
}

function listLines(claims: readonly ClaimFile[]): string[] {
  const told = (seconds: number | undefined) =>
    seconds === undefined ? "" : roughDuration(seconds);
  const rows = claims.map(({ claim, seconds }) => [
    ...[claim.name, told(seconds.whole), told(seconds.quick), claim.claim],
  ]);
  return alignedLines([["claim", "core time", "quick", "says"], ...rows], [1, 2]);
}

async function check(nameOrPath: string, options: CheckOptions, context: Context): Promise<void> {
  const { quick: isQuick = false, seeds, set = [] } = options;
  const { claim, study, quick } = await findClaim(nameOrPath, [...set, ...seedsChange(seeds)]);
  const asked = isQuick ? quick : study;
  if (asked === null)
    throw new InputError(
      `--quick: the claim ${claim.name} has no quick form; its file can say what makes it smaller under quick`,
    );
  const workers = allowedWorkers(options.workers, context.stderr);
  if (options.dryRun) {
    await dryRun(
      asked,
      { ...options, workers, store: storePath(options.store, context.env) },
      context,
    );
    return;
  }
  const command = [
    `widthwise check ${nameOrPath}`,
    ...(isQuick ? ["--quick"] : []),
    ...changeWords(options),
  ].join(" ");
  const tested: TestedClaim = { ...claim, quick: isQuick };
  await runAndTell(
    asked,
    { from: nameOrPath, command, claim: tested, lines },
    { ...options, workers },
    context,
  );
}

async function lines(found: Answered, folder: string, provenance: Provenance): Promise<string[]> {
  const { verdictLines } = await import("../../../claims/told.ts");
  const { summarize, verdictOn } = await import("../../../report/summary.ts");
  const verdict = verdictOn(summarize(found, provenance), provenance);
  const { seconds } = provenance;
  return [
    ...(verdict === null ? [] : verdictLines(verdict)),
    `fingerprint: ${found.result.fingerprint}`,
    ...("processor" in seconds ? [`core seconds: ${duration(seconds.processor)}`] : []),
    `report: ${folder}/report.html`,
  ];
}
