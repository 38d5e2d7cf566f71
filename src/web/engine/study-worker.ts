// The worker that runs the page's study and keeps what it trains: the page itself has nothing to compute.

import * as z from "zod";
import { WidthwiseError } from "../../base/errors.ts";
import { isMapping } from "../../base/fields.ts";
import { hold } from "../../pool/web/alive.ts";
import type { CallMessage, Calls, Event, Reading, ToPage } from "../protocol.ts";
import { told } from "../told.ts";
import { once } from "./once.ts";
import { edit, read, schema, studyOf, wholeCatalogue } from "./reading.ts";
import type { StudyRunner } from "./study-runner.ts";

// Compiling rules to functions is what the page's security policy forbids.
z.config({ jitless: true });

const HERE = new URL(".", import.meta.url);

let open: { readonly text: string; readonly runner: StudyRunner } | null = null;

function send(event: Event): void {
  postMessage({ event } satisfies ToPage);
}

/** For shared memory, or for private memory. */
const kernel = once(async (memory) => {
  const response = await fetch(new URL(`${memory}.wasm`, HERE));
  return WebAssembly.compile(await response.arrayBuffer());
});

/** What trains: the page shows a study, and reads it, before that has been loaded. */
async function training() {
  const [{ StudyRunner }, { loadDataset, loadPublished }] = await Promise.all([
    import("./study-runner.ts"),
    import("./load-dataset.ts"),
    wholeCatalogue(),
  ]);
  return { StudyRunner, loadDataset, loadPublished };
}

/** Names of published data sets whose files lie beside the page. */
let beside: readonly string[] = [];

/** Milliseconds after a study was read. */
const IDLE = 150;

let preparing: ReturnType<typeof setTimeout> | undefined;

/** Has what training needs ready before somebody starts it; what fails here is told then. */
function prepare({ said }: Reading): void {
  clearTimeout(preparing);
  const dataset = isMapping(said?.dataset) ? said.dataset : {};
  preparing = setTimeout(() => {
    const { crossOriginIsolated } = globalThis;
    const ofDatasets = beside
      .filter((name) => name === dataset.name)
      .map(async (name) => (await training()).loadPublished(name));
    Promise.all([
      ...ofDatasets,
      training(),
      kernel(crossOriginIsolated ? "shared" : "private"),
    ]).catch(() => undefined);
  }, IDLE);
}

async function openStudy(text: string): Promise<StudyRunner> {
  if (open?.text === text) return open.runner;
  await close();
  send({ kind: "state", state: "loading", message: "Preparing the data" });
  const study = await studyOf(text);
  const { StudyRunner, loadDataset } = await training();
  const dataset = await loadDataset(study.dataset);
  const { hardwareConcurrency, deviceMemory = 4 } = navigator as Navigator & {
    readonly deviceMemory?: number;
  };
  const settings = {
    workers: Math.max(1, Math.min(hardwareConcurrency, 8)),
    workerUrl: new URL("kernel-worker.js", HERE),
    ...{ kernel, availableMemory: 1e9 * deviceMemory },
  };
  const isMap = study.ask?.some(({ name }) => name === "map") === true;
  if (((await ofMaps?.keys(""))?.length ?? 0) > MOST_KEPT) ofMaps = undefined;
  const runner = new StudyRunner(study, dataset, settings, send, isMap ? ofMaps : undefined);
  if (isMap) ofMaps = runner.store;
  open = { text, runner };
  return open.runner;
}

/** What maps have trained: one goes back to another, and shares trials with it. */
let ofMaps: StudyRunner["store"] | undefined;

/** Trials: some hundred megabytes. */
const MOST_KEPT = 60_000;

async function close(): Promise<void> {
  const closing = open;
  open = null;
  await closing?.runner.close();
}

function running(): StudyRunner {
  if (open === null) throw new WidthwiseError("nothing is trained yet; start the study first");
  return open.runner;
}

/** Starts and resets come one after the other. */
let turn: Promise<unknown> = Promise.resolve();

function start(text: string, one: boolean): null {
  turn = turn
    .then(async () => {
      const runner = await openStudy(text);
      void runner.start(one).catch(fail);
    })
    .catch(fail);
  return null;
}

function fail(error: unknown): void {
  send({ kind: "state", state: "failed", message: told(error) });
  if (!(error instanceof WidthwiseError)) console.error(error);
}

const calls: { [Name in keyof Calls]: (...args: Parameters<Calls[Name]>) => unknown } = {
  ...{ edit, start },
  schema(names) {
    beside = names;
    return schema(names);
  },
  async hold(lock) {
    await hold(lock);
    return null;
  },
  async read(text) {
    const reading = await read(text);
    prepare(reading);
    return reading;
  },
  async take(text, handed) {
    const made = await (await import("./own-data.ts")).take(text, handed);
    // What was trained on other files of the same names is another study's.
    await calls.reset();
    return made;
  },
  async keep(handed) {
    (await import("./own-data.ts")).HAND.keep(handed);
    return null;
  },
  ownData: async (said) => (await import("./own-data.ts")).ownData(said),
  async pause() {
    await turn;
    await open?.runner.pause();
    return null;
  },
  async reset() {
    ofMaps = undefined;
    turn = turn.then(close);
    await turn;
    send({ kind: "state", state: "idle", message: "" });
    return null;
  },
  inspect: (key, pass) => running().inspect(key, pass),
  curve: (key) => running().curve(key),
  verify: (key) => running().verify(key),
  figures: () => running().figures(),
  csv: () => running().csv(),
  report: (command) => running().report(command),
};

onmessage = ({ data: { id, name, args } }: MessageEvent<CallMessage>) => {
  const call = calls[name] as (...args: readonly unknown[]) => unknown;
  void Promise.resolve()
    .then(() => call(...args))
    .then(
      (result) => {
        postMessage({ id, result } satisfies ToPage);
      },
      (error: unknown) => {
        postMessage({ id, failure: told(error) } satisfies ToPage);
        if (!(error instanceof WidthwiseError)) console.error(error);
      },
    );
};
