// Runs one study in the page, by the same code as the command line: starts, pauses, goes on, makes one pass, looks back.

import { WidthwiseError } from "../../base/errors.ts";
import { runAll, type Stop } from "../../base/run-all.ts";
import type { Outcome } from "../../analysis/outcome.ts";
import type { Dataset } from "../../data/dataset.ts";
import type { Trial } from "../../model/trial.ts";
import { trainOn, type Pool } from "../../pool/pool.ts";
import { sha256 } from "../../pool/web/sha256.ts";
import { createWebPool, type WebPool, type WebPoolOptions } from "../../pool/web/web-pool.ts";
import { WorkerCrash } from "../../pool/web/worker-client.ts";
import { trialKey } from "../../records/fingerprint.ts";
import { MemoryStore } from "../../records/memory-store.ts";
import {
  cutRecord,
  evaluationOf,
  lastPass,
  type Evaluation,
  type ResumePoint,
  type TrainedPass,
} from "../../records/record.ts";
import { WatchedMap } from "../../report/watched-map.ts";
import { mapSoFar } from "../../study/kept/map-so-far.ts";
import type { PlannedTrial } from "../../study/plans/plan.ts";
import { outcomesOf } from "../../study/plans/sweep.ts";
import type { StudyResult } from "../../study/result.ts";
import { runStudy, type StudyEvent } from "../../study/run.ts";
import type { Study } from "../../study/spec.ts";
import { trainOrReuse } from "../../study/train-or-reuse.ts";
import { CellSender } from "../map/cell-sender.ts";
import type { Event, Inside } from "../protocol.ts";
import { insideOf } from "./inside.ts";
import { wholeCatalogue } from "./reading.ts";
import { RowSender } from "./row-sender.ts";
import { Snapshots, watched } from "./snapshots.ts";

/** Crashes after which a run gives up. */
const MOST_CRASHES = 5;

const PAUSED = new Error("paused");
const PLANNED = new Error("the sweep is planned");

export type PoolSettings = Pick<
  WebPoolOptions,
  "workers" | "workerUrl" | "kernel" | "availableMemory" | "shareMemory"
>;

export class StudyRunner {
  readonly store: MemoryStore;
  readonly #study: Study;
  readonly #dataset: Dataset;
  readonly #settings: PoolSettings;
  readonly #send: (event: Event) => void;
  readonly #rows: RowSender;
  /** Where a map is asked for. */
  readonly #cells: CellSender | null;
  readonly #snapshots = new Snapshots();
  readonly #planned = new Map<string, PlannedTrial>();
  readonly #lastPasses = new Map<string, number>();
  #pool: Promise<WebPool> | null = null;
  #side: Promise<WebPool> | null = null;
  #interruption = new AbortController();
  #result: StudyResult | null = null;
  #running: Promise<void> = Promise.resolve();
  /** Of training, pauses left out. */
  #seconds = 0;

  constructor(
    study: Study,
    dataset: Dataset,
    settings: PoolSettings,
    send: (event: Event) => void,
    store = new MemoryStore(),
  ) {
    this.#study = study;
    this.#dataset = dataset;
    this.#settings = settings;
    this.#send = send;
    this.#rows = new RowSender(send);
    this.store = store;
    const map = WatchedMap.of(study);
    this.#cells = map && new CellSender(map, send);
  }

  /** Returns when training has ended or is paused; `one`: after one more pass of every trial. */
  async start(one: boolean): Promise<void> {
    await this.pause();
    this.#interruption = new AbortController();
    this.#running = this.#run(one);
    await this.#running;
  }

  async pause(): Promise<void> {
    this.#interruption.abort(PAUSED);
    await this.#running.catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.pause();
    for (const pool of [this.#pool, this.#side]) (await pool)?.close();
  }

  async #run(one: boolean): Promise<void> {
    this.#send({ kind: "state", state: "running", message: "" });
    const began = performance.now();
    try {
      for (let crashes = 0; ; crashes++)
        try {
          const isDone = one ? await this.#step() : await this.#train();
          this.#flush();
          const state = isDone ? "done" : "paused";
          this.#send({ kind: "state", state, message: "" });
          return;
        } catch (error) {
          if (!(error instanceof WorkerCrash) || !error.wasReady || crashes === MOST_CRASHES)
            throw error;
          const message = `${error.message}; another one has taken its place, and training goes on from what is kept`;
          this.#send({ kind: "note", message });
        }
    } catch (error) {
      this.#flush();
      if (error !== PAUSED) throw error;
      this.#send({ kind: "state", state: "paused", message: "" });
    } finally {
      this.#seconds += (performance.now() - began) / 1000;
    }
  }

  #flush(): void {
    this.#rows.flush();
    this.#cells?.flush();
  }

  /** Until the study has its answer. */
  async #train(onEvent?: (event: StudyEvent) => void): Promise<true> {
    const pool = await this.#openPool();
    this.#result = await runStudy(this.#study, {
      ...{
        catalogue: await wholeCatalogue(),
        dataset: this.#dataset,
        // A map's cells are shown as a whole, so that they may be trained as such.
        pool: this.#cells === null ? this.#watched(pool) : pool,
        store: this.store,
        sha256,
      },
      signal: this.#interruption.signal,
      onEvent: (event) => {
        this.#onEvent(event);
        onEvent?.(event);
      },
    });
    await this.#tellAnswer(this.#result);
    return true;
  }

  /** The search, where it has not ended; then one pass of every trial of the sweep. Whether that was the last. */
  async #step(): Promise<boolean> {
    const own = this.#interruption;
    const sweep = [...this.#planned.values()].filter(({ role }) => role !== "search");
    if (sweep.length === 0) {
      // It is interrupted as soon as it has planned what comes after the search.
      const planning = this.#train((event) => {
        if (event.kind === "planned" && [...event.trials].some(({ role }) => role !== "search"))
          own.abort(PLANNED);
      });
      const isDone = await planning.catch((error: unknown) => {
        if (error !== PLANNED) throw error;
        return false;
      });
      if (isDone) return true;
      this.#interruption = new AbortController();
      return this.#step();
    }
    const open = sweep.filter((planned) => this.#passesLeft(planned) > 0);
    if (open.length === 0) return this.#train();
    const target = Math.min(...open.map((planned) => this.#trained(planned))) + 1;
    const pool = this.#watched(await this.#openPool());
    const works = open
      .filter((planned) => this.#trained(planned) < target)
      .map((planned) => async (stop: Stop) => {
        const trial = { ...planned.trial, passes: target };
        const { record } = await trainOrReuse(trial, {
          ...{ store: this.store, pool, sha256, ...stop },
          onElsewhere: () => undefined,
          onResumed: () => undefined,
          onPass: ({ evaluation }) => {
            this.#onRow(keyOf(trial), evaluation.pass);
            this.#rows.add(keyOf(trial), evaluation);
          },
        });
        const isOver = record.ending.kind === "diverged" || lastPass(record) < target;
        if (isOver) this.#lastPasses.set(keyOf(trial), Infinity);
      });
    await runAll(works, this.#interruption.signal);
    return sweep.some((planned) => this.#passesLeft(planned) > 0) ? false : this.#train();
  }

  #trained({ trial }: PlannedTrial): number {
    return this.#lastPasses.get(keyOf(trial)) ?? 0;
  }

  #passesLeft(planned: PlannedTrial): number {
    return planned.trial.passes - this.#trained(planned);
  }

  #onRow(key: string, pass: number): void {
    this.#lastPasses.set(key, Math.max(pass, this.#lastPasses.get(key) ?? 0));
  }

  #watched(pool: WebPool): Pool {
    return watched(pool, (key, pass) => {
      this.#snapshots.add(key, pass);
    });
  }

  #openPool(): Promise<WebPool> {
    this.#pool ??= createWebPool({ ...this.#settings, dataset: this.#dataset }).then(
      (pool) => {
        const { workers } = this.#settings;
        this.#send({ kind: "memory", shared: pool.sharesMemory, workers });
        return pool;
      },
      (error: unknown) => {
        this.#pool = null;
        throw error;
      },
    );
    return this.#pool;
  }

  #onEvent(event: StudyEvent): void {
    if (event.kind === "planned") {
      for (const planned of event.trials) this.#planned.set(keyOf(planned.trial), planned);
      const ofSweep = [...event.trials].filter(({ role }) => role === "sweep");
      if (this.#cells !== null && ofSweep.length > 0) {
        this.#cells.begin(ofSweep.length);
        return;
      }
      const trials = [...event.trials].map(({ role, point, trial }) => ({
        ...{ key: keyOf(trial), role, point, passes: trial.passes },
        learningRate: trial.specification.training.learning_rate,
        examples: trial.specification.data.train_examples,
      }));
      this.#send({ kind: "planned", trials });
    }
    if (event.kind === "passed" && (this.#cells === null || event.planned.role === "search")) {
      const { evaluation } = event.row;
      const key = keyOf(event.planned.trial);
      if (event.planned.role !== "search") this.#onRow(key, evaluation.pass);
      this.#rows.add(key, evaluation);
    }
    if (event.kind === "ended" && this.#cells !== null && event.planned.role === "sweep") {
      this.#cells.add(event.planned, event.record);
      return;
    }
    if (event.kind === "ended") {
      const { key, trajectory, ending, fingerprint } = event.record;
      const passes = trajectory.at(-1)?.pass ?? 0;
      if (event.planned.role !== "search") this.#lastPasses.set(key, Infinity);
      for (const evaluation of trajectory) this.#rows.add(key, evaluation);
      this.#rows.flush();
      this.#send({ kind: "ended", key, ending, fingerprint, passes });
    }
  }

  async #tellAnswer(result: StudyResult): Promise<void> {
    const { answered, pageSentences } = await import("../../questions/asked.ts");
    const sentences = pageSentences(answered(result, await wholeCatalogue()));
    const { fingerprint, id } = result;
    this.#send({ kind: "answer", answer: { sentences, fingerprint, id } });
  }

  /** A trial's network after a pass: trained that far again from the nearest that is kept. */
  async inspect(key: string, pass: number): Promise<Inside> {
    const planned = this.#planned.get(key);
    if (planned === undefined) throw new Error(`no trial ${key}`);
    const trial = { specification: planned.trial.specification, passes: pass };
    const made: TrainedPass[] = [];
    const from = await this.#resumePoint(key, pass);
    if (from?.checkpoint.pass === pass) {
      const evaluation = evaluationOf(from.record, pass);
      return insideOf(trial, this.#dataset, from.checkpoint.parameters, evaluation);
    }
    await trainOn(await this.#openSide(), trial, {
      from,
      onPass: (pass) => made.splice(0, 1, pass),
    });
    const [{ checkpoint, row }] = made;
    return insideOf(trial, this.#dataset, checkpoint.parameters, row.evaluation);
  }

  async #resumePoint(key: string, pass: number): Promise<ResumePoint | null> {
    const checkpoint = this.#snapshots.before(key, pass);
    const kept = await this.store.resume(key);
    const record = checkpoint && kept && cutRecord(kept.record, checkpoint.pass);
    return checkpoint && record && { record, checkpoint };
  }

  /** One worker beside those that train, which are busy. */
  #openSide(): Promise<WebPool> {
    this.#side ??= this.#oneWorker().catch((error: unknown) => {
      this.#side = null;
      throw error;
    });
    return this.#side;
  }

  #oneWorker(): Promise<WebPool> {
    const alone = { dataset: this.#dataset, workers: 1, shareMemory: false };
    return createWebPool({ ...this.#settings, ...alone });
  }

  /** The fingerprint that a worker of its own gives for all of a trial that is trained. */
  async verify(key: string): Promise<string> {
    const planned = this.#planned.get(key);
    if (planned === undefined) throw new Error(`no trial ${key}`);
    const pool = await this.#oneWorker();
    try {
      return (await trainOn(pool, planned.trial)).fingerprint;
    } finally {
      pool.close();
    }
  }

  /** As `verify` trains it, but evaluated after every pass. */
  async curve(key: string): Promise<readonly Evaluation[]> {
    const planned = this.#planned.get(key);
    if (planned === undefined) throw new Error(`no trial ${key}`);
    const { specification, ...trial } = planned.trial;
    const everyPass = { ...specification };
    delete everyPass.evaluate;
    const { trajectory } = await trainOn(await this.#openSide(), {
      ...trial,
      specification: everyPass,
    });
    return trajectory;
  }

  async figures(): Promise<{ name: string; svg: string }[]> {
    const { answered } = await import("../../questions/asked.ts");
    const { ordered } = answered(await this.#found(), await wholeCatalogue());
    return ordered.flatMap(({ draw }) => draw?.("paper") ?? []);
  }

  async report(command: string): Promise<string> {
    const { reportHtml } = await import("./report.ts");
    return reportHtml(await this.#found(), this.#dataset, this.#seconds, command);
  }

  async csv(): Promise<string> {
    const { trajectoriesCsv } = await import("../../report/trajectories.ts");
    return [...trajectoriesCsv((await this.#found()).outcomes)].join("");
  }

  /** What one takes away: the answer, or as long as there is none what a map shows so far. */
  async #found(): Promise<StudyResult> {
    if (this.#result !== null) return this.#result;
    if (this.#cells === null) throw new WidthwiseError("this study is not done; go on with it");
    const trained: Outcome[] = [];
    for (const planned of this.#planned.values()) {
      if (planned.role !== "sweep") continue;
      const { passes, stop } = planned.trial;
      const record = await this.store.get(keyOf(planned.trial), passes, stop);
      trained.push(...outcomesOf([planned], () => record ?? undefined));
    }
    const context = { store: this.store, sha256 };
    return mapSoFar(this.#study, this.#dataset, trained, context);
  }
}

function keyOf({ specification }: Trial): string {
  return trialKey(specification, sha256);
}
