// A study run with all around it: progress, the store, its report, and what is told at its end.

import { randomInt } from "node:crypto";
import { join } from "node:path";
import { WidthwiseError } from "../../../base/errors.ts";
import { plural } from "../../../base/numbers.ts";
import { sha256 } from "../../../base/sha256.node.ts";
import type { TestedClaim } from "../../../claims/claim.ts";
import { MemoryStore } from "../../../records/memory-store.ts";
import { pointText } from "../../../records/point.ts";
import type { RecordStore } from "../../../records/store.ts";
import type { Answered } from "../../../questions/asked.ts";
import type { Provenance } from "../../../report/provenance.ts";
import { compareAndKeep } from "../../../study/checks/compare-fresh.ts";
import type { StudyResult } from "../../../study/result.ts";
import type { StudyEvent } from "../../../study/run.ts";
import type { Study } from "../../../study/spec.ts";
import type { FinishedCall } from "../../../pool/node/node-pool.ts";
import { claimFile, type ClaimOptions } from "../../output/output-file.ts";
import type { Context } from "../../context.ts";
import { dataFiles, givenFile, ownData, storeFiles, studyFile } from "../../output/inputs.ts";
import type { Size } from "../../options.ts";
import { versions } from "../../package.ts";
import { keepProvenance, keptProvenance } from "../../kept-provenance.ts";
import type { OutputFolder } from "../../output/output-folder.ts";
import { openProgressView } from "../../view/progress-view.ts";
import { Progress } from "../../view/progress.ts";
import { storePath, withStore } from "../../store.ts";
import { seenFrom } from "../../study-files.ts";
import { loadLines, loadOf, traceOf } from "../../output/timeline.ts";
import { createQueuePool, withQueue, type Keeping } from "../../queue.ts";
import { recompute, type Problem } from "./recompute.ts";
import { trainStudy } from "./train-study.ts";
import type { CreatePool } from "./with-workers.ts";

/** How a study is run, whatever asks for it. */
export interface Running {
  readonly workers: number;
  readonly out?: string;
  readonly size: Size;
  readonly force?: boolean;
  readonly store?: string;
  readonly fresh?: boolean;
  readonly data?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly timeline?: string;
  readonly queue?: string;
  readonly passwordFile?: string;
  /** Share of the trials that are trained here again. */
  readonly verify?: number;
}

/** Who asks for a study, and what is told at its end. */
interface Asked {
  /** Name or path of the file that it is from. */
  readonly from: string;
  /** The command that gives the same result. */
  readonly command: string;
  readonly claim?: TestedClaim;
  /** What stdout gets; `folder` is where the report lies. */
  readonly lines: (
    found: Answered,
    folder: string,
    provenance: Provenance,
  ) => readonly string[] | Promise<readonly string[]>;
}

/** Trains what is missing of a study, writes its report, and tells the answer. */
export async function runAndTell(
  study: Study,
  { from, command, claim, lines }: Asked,
  options: Running,
  context: Context,
): Promise<void> {
  const { effects, mortally, stdout, stderr } = context;
  const store = storePath(options.store, context.env);
  const { folder, timeline } = await findOutputs(from, study, store, options, context);
  const tell = async (result: StudyResult, asked: Provenance) => {
    const { answered } = await import("../../../questions/asked.ts");
    const { CATALOGUE } = await import("../../../questions/catalogue.ts");
    const { found, files } = await mortally(async () => {
      const found = answered({ ...result, study: seenFrom(folder.path, result.study) }, CATALOGUE);
      return { found, files: await effects.renderReport(found, asked, options.size) };
    });
    await folder.replace(files, context.signal);
    // After the folder is filled, so that the file may lie in it.
    if (timeline !== null) stderr.write(await timeline.write(options.workers, command));
    if (options.json) stdout.write((files.get("summary.json") ?? "") as string);
    else stdout.write(`${(await lines(found, folder.path, asked)).join("\n")}\n`);
  };
  const trained = { command, ...(claim && { claim }) };
  await trainAndTell(study, store, trained, options, context, tell, timeline?.onCall);
}

/** Makes sure, before anything is trained, that all outputs can be written, and that none is an input. */
async function findOutputs(
  from: string,
  study: Study,
  store: string,
  { out = join("runs", study.name), size, timeline, data, force }: Running,
  { effects, env }: Context,
): Promise<{ folder: OutputFolder; timeline: Timeline | null }> {
  const { reportFileNames } = await import("../../../questions/asked.ts");
  const { CATALOGUE } = await import("../../../questions/catalogue.ts");
  const names = reportFileNames(study, CATALOGUE, size);
  const inputs = [
    ...[...studyFile(from), ...storeFiles(store)],
    ...[...(await dataFiles(data, env)), ...(await ownData(study.dataset)), ...givenFile(study)],
  ];
  const report = names.map((name) => ({ what: "a file of the report", path: join(out, name) }));
  const folder = await effects.findOutputFolder(out, { names, others: inputs, force });
  return {
    folder,
    timeline:
      timeline === undefined
        ? null
        : await openTimeline(timeline, { others: [...inputs, ...report], force }),
  };
}

/** `tell` is called while the store is open, from which it reads. */
async function trainAndTell(
  study: Study,
  path: string,
  asked: Pick<Provenance, "command" | "claim">,
  options: Running,
  context: Context,
  tell: (result: StudyResult, provenance: Provenance) => Promise<void>,
  onCall: ((call: FinishedCall) => void) | undefined,
): Promise<void> {
  const { stderr, now } = context;
  const view = openProgressView(new Progress(study, now()), context, {
    verbose: options.verbose ?? false,
  });
  let isTrained = false;
  const onEvent = (event: StudyEvent) => {
    if (event.kind === "ended" && !event.reused) isTrained = true;
    view.onEvent(event);
  };
  const work = async (store: RecordStore) => {
    const working = options.fresh ? new MemoryStore() : store;
    const before = context.effects.processorSeconds();
    const train = (createPool?: CreatePool) =>
      trainStudy(study, working, { ...options, path }, context, {
        ...{ store, view, onEvent, onCall, createPool },
      });
    const differences: string[] = [];
    const { result, seconds, dataset } = await withPool(
      options,
      { store: working, path, differences, onProblem: view.onProblem },
      context,
      train,
    );
    if (options.verify !== undefined)
      await verifySample(result.id, working, { ...options, verify: options.verify }, context);
    const processor = context.effects.processorSeconds() - before;
    const trained = { seconds: { ...seconds, ...(asked.claim && { processor }) }, dataset };
    if (options.fresh) stderr.write(await compare(result.id, working, store));
    const kept = isTrained ? null : await keptProvenance(store, result.id);
    const { claim } = asked;
    const told = kept ?? { versions: versions(), ...asked, ...trained };
    const provenance = { ...told, ...(claim && { claim }) };
    if (kept === null || claim) await keepProvenance(store, result.id, provenance);
    await tell(result, provenance);
    if (differences.length > 0) throw new WidthwiseError(differences.join("\n"));
  };
  await withStore(path, context, work, { onDamage: view.onProblem });
}

/** `train` is given other workers than this process's where there is a queue. */
async function withPool<Result>(
  { queue, passwordFile, workers }: Running,
  keeping: Omit<Keeping, "workers">,
  context: Context,
  train: (createPool?: CreatePool) => Promise<Result>,
): Promise<Result> {
  if (queue === undefined) return train();
  return withQueue({ queue, passwordFile }, context, (server) =>
    train((loaded, given) =>
      createQueuePool(server, loaded, given, { ...keeping, workers }, context),
    ),
  );
}

/** Trains a share of a study's trials here again. Throws WidthwiseError where a bit differs. */
async function verifySample(
  id: string,
  store: RecordStore,
  options: Running & { readonly verify: number },
  context: Context,
): Promise<void> {
  const { sampleOf } = await import("../../../study/checks/verify.ts");
  const study = await store.study(id);
  const trials = await store.trials(study?.trials.map(({ key }) => key));
  const count = Math.ceil(options.verify * trials.length);
  // Nobody who hands in results knows which.
  const sample = sampleOf(trials, count, randomInt(2 ** 32), sha256);
  const problems: Problem[] = [];
  const matching = await recompute(sample, store, options, context, problems);
  if (problems.length > 0)
    throw new WidthwiseError(problems.map(({ problem }) => problem).join("\n"));
  context.stderr.write(
    `${matching} of ${plural(count, "trial")}, trained here again, match to the bit\n`,
  );
}

/** Says that what was trained anew is what is kept. Throws WidthwiseError where it is not. */
async function compare(id: string, fresh: RecordStore, kept: RecordStore): Promise<string> {
  const { compared, differences } = await compareAndKeep(id, fresh, kept);
  if (differences.length === 0) return `${compared} of ${compared} kept trials match to the bit\n`;
  const places = differences.map(
    ({ trial: { point, key }, pass }) =>
      `${pointText(point)} (${key.slice(0, 12)}) from pass ${pass} on`,
  );
  throw new WidthwiseError(
    `${differences.length} of ${compared} kept trials differ from what was trained anew: ${places.join(", ")}; store and report are left as they were`,
  );
}

interface Timeline {
  readonly onCall: (call: FinishedCall) => void;
  /** Writes the file and returns what to tell of it. */
  write(workers: number, title: string): Promise<string>;
}

async function openTimeline(
  path: string,
  options: Omit<ClaimOptions, "content">,
): Promise<Timeline> {
  const writeFile = await claimFile("--timeline", path, { content: "trace", ...options });
  const calls: FinishedCall[] = [];
  return {
    onCall: (call) => calls.push(call),
    async write(workers, title) {
      await writeFile(`${JSON.stringify(traceOf(calls, workers, title))}\n`);
      return `time line: ${path}\n${loadLines(loadOf(calls, workers)).join("\n")}\n`;
    },
  };
}
