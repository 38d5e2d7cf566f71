// `widthwise doctor`: what this machine has, and whether widthwise works on it.

import { availableParallelism, totalmem } from "node:os";
import { resolve } from "node:path";
import type { Command } from "commander";
import { InputError, WidthwiseError } from "../../../base/errors.ts";
import {
  evaluationMultiplyAdds,
  evaluationSeconds,
  stepMultiplyAdds,
  stepSeconds,
} from "../../../kernel/cost.ts";
import { NO_WEBASSEMBLY } from "../../../pool/no-webassembly.ts";
import type { Context } from "../../context.ts";
import { HOMEWORK_DATA } from "../../data.ts";
import { packageVersion } from "../../package.ts";
import { checkStore, storePath } from "../../store.ts";

interface DoctorOptions {
  readonly data?: string;
  readonly json?: boolean;
}

interface Diagnosis {
  readonly widthwise: string;
  readonly node: string;
  /** What a newer one would gain; null where none would. */
  readonly node_advice: string | null;
  readonly platform: string;
  readonly arch: string;
  /** Processors that this process may use. */
  readonly processors: number;
  readonly memory_bytes: number;
  readonly simd: boolean;
  readonly revectorized: boolean;
  /** Why, or why not: among others the self-test's result. */
  readonly revectorized_because: string;
  readonly dataset: { readonly found: boolean; readonly where: string };
  readonly cache: { readonly directory: string; readonly writable: boolean };
  /** Where what is trained is kept; a run makes it. */
  readonly store: { readonly path: string; readonly usable: boolean };
  /** Where runs write, unless they are told another folder. */
  readonly runs: { readonly directory: string; readonly writable: boolean };
  readonly kernel: boolean;
  /** Useful multiply-adds a second at width 512 on one core, in 10⁹; null where the kernel cannot run. */
  readonly gmac_per_second: { readonly training: number; readonly evaluation: number } | null;
  /** What is broken, and what to do about it. */
  readonly problems: readonly string[];
}

const NO_SIMD_SENTENCE =
  "WebAssembly has no SIMD here, and the kernel needs it: use a Node of version 20.19 or later on x86-64 or arm64";

/** The network whose speed is measured: the homework's widest. */
const SHAPE = { inputs: 784, hidden: [512], classes: 10 } as const;

const HELP = `
Looks at everything that a run needs, measures for a second how fast it is, and
changes nothing: the data set is looked for on this machine, not fetched.

Examples:
  $ widthwise doctor
  $ widthwise doctor --json | jq .gmac_per_second

Exit codes: 0 all is well, 1 something is broken (stderr says what, and what to
do), 2 bad usage, 130 interrupted.`;

export function addDoctorCommand(program: Command, context: Context): void {
  program
    .command("doctor")
    .summary("say what this machine has, and whether all is well")
    .description("Says what this machine has, and whether widthwise works on it.")
    .option("--data <dir>", "folder of the homework's data set (default: WIDTHWISE_DATA)")
    .option("--json", "print one JSON document")
    .addHelpText("after", HELP)
    .action((options: DoctorOptions) => doctor(options, context));
}

async function doctor(options: DoctorOptions, context: Context): Promise<void> {
  const found = await diagnose(options.data, context);
  context.stdout.write(
    options.json ? `${JSON.stringify(found, null, 2)}\n` : `${lines(found).join("\n")}\n`,
  );
  if (found.problems.length > 0) throw new WidthwiseError(found.problems.join("\n"));
}

async function diagnose(directory: string | undefined, context: Context): Promise<Diagnosis> {
  const { effects } = context;
  const problems: string[] = [];
  const simd = effects.hasSimd();
  if (!simd) {
    problems.push("WebAssembly" in globalThis ? NO_SIMD_SENTENCE : NO_WEBASSEMBLY);
  }
  // Before the speed is measured: what is chosen here decides it.
  const { revectorized, reason } = simd ? await chooseSimd(context) : NO_SIMD;
  const speed = simd ? await measureSpeed(context, problems) : null;
  const dataset = await findDataset(directory, context, problems);
  const store = storePath(undefined, context.env);
  const runs = resolve("runs");
  return {
    widthwise: packageVersion(),
    node: process.versions.node,
    node_advice: effects.nodeAdvice(),
    platform: process.platform,
    arch: process.arch,
    processors: availableParallelism(),
    memory_bytes: totalmem(),
    simd,
    revectorized,
    revectorized_because: reason,
    dataset,
    cache: await effects.findCache(),
    store: { path: store, usable: await isPossible(() => checkStore(store, context), problems) },
    runs: { directory: runs, writable: await isPossible(() => checkRuns(runs, context), problems) },
    kernel: speed !== null,
    gmac_per_second: speed,
    problems,
  };
}

/** As a run finds it out. */
async function checkRuns(directory: string, { effects }: Context): Promise<void> {
  await effects.findOutputFolder(directory, { names: [], others: [] });
}

/** What is in the way is one of the problems. */
async function isPossible(check: () => Promise<void>, problems: string[]): Promise<boolean> {
  try {
    await check();
    return true;
  } catch (error) {
    if (!(error instanceof WidthwiseError)) throw error;
    problems.push(error.message);
    return false;
  }
}

const NO_SIMD = { revectorized: false, reason: "there is no SIMD" };

/** Where the kernel is missing, the choice cannot be made either. */
async function chooseSimd({ effects }: Context): Promise<typeof NO_SIMD> {
  try {
    return await effects.chooseSimd();
  } catch (error) {
    if (!(error instanceof WidthwiseError)) throw error;
    return { revectorized: false, reason: error.message };
  }
}

async function findDataset(
  directory: string | undefined,
  { effects, env, signal }: Context,
  problems: string[],
): Promise<Diagnosis["dataset"]> {
  try {
    const options = { directory, env, signal, fetchMissing: false };
    const { origin } = await effects.loadDataset(HOMEWORK_DATA, options);
    return { found: true, where: origin };
  } catch (error) {
    if (!(error instanceof WidthwiseError)) throw error;
    // What the user named and is of no use is broken; what is not here yet will be fetched.
    if (!(error instanceof InputError))
      return { found: false, where: "not here yet; run widthwise data" };
    problems.push(error.message);
    return { found: false, where: "not usable" };
  }
}

/** null where the kernel is missing or cannot run. */
async function measureSpeed(
  { effects, signal }: Context,
  problems: string[],
): Promise<Diagnosis["gmac_per_second"]> {
  try {
    const examples = { train: 4096, test: 4096 };
    const options = { shapes: [SHAPE], workers: 1, signal, ...examples };
    const { alone } = await effects.calibrate(options);
    return {
      training: stepMultiplyAdds(SHAPE) / stepSeconds(alone, SHAPE) / 1e9,
      evaluation: evaluationMultiplyAdds(SHAPE) / evaluationSeconds(alone, SHAPE) / 1e9,
    };
  } catch (error) {
    if (!(error instanceof WidthwiseError)) throw error;
    problems.push(error.message);
    return null;
  }
}

function lines(found: Diagnosis): string[] {
  const { cache, gmac_per_second: speed, dataset, problems } = found;
  const wide = found.revectorized ? "256-bit (revectorized)" : "128-bit";
  const rows: readonly (readonly [string, string])[] = [
    ["widthwise", found.widthwise],
    ["Node", `${found.node} on ${found.platform} ${found.arch}`],
    ...(found.node_advice === null ? [] : [["", found.node_advice] as const]),
    ["processors", String(found.processors)],
    ["memory", `${(found.memory_bytes / 2 ** 30).toFixed(1)} GiB`],
    ["SIMD", found.simd ? `${wide}: ${found.revectorized_because}` : "none"],
    ["kernel", found.kernel ? "built, and runs" : "does not run"],
    [
      "speed",
      speed === null
        ? "not measured"
        : `${speed.training.toFixed(1)} GMAC/s training, ${speed.evaluation.toFixed(1)} GMAC/s evaluation (width 512, one core)`,
    ],
    ["data set", dataset.where],
    ["store", `${found.store.path} ${found.store.usable ? "(can be used)" : "(cannot be used)"}`],
    [
      "runs",
      `${found.runs.directory} ${found.runs.writable ? "(can be written)" : "(cannot be written)"}`,
    ],
    ["cache", `${cache.directory} ${cache.writable ? "(can be written)" : CACHE_ADVICE}`],
  ];
  const names = Math.max(...rows.map(([name]) => name.length));
  return [
    ...rows.map(([name, value]) => `${name.padEnd(names)}  ${value}`),
    "",
    problems.length === 0 ? "all is well" : "something is broken:",
  ];
}

/** No problem: the data set is then fetched anew each time, or taken from elsewhere. */
const CACHE_ADVICE =
  "(cannot be written: name the data set's folder with --data, or another cache with XDG_CACHE_HOME)";
