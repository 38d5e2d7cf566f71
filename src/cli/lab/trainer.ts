// Trains studies that the lab's page asks for: one at a time, a few wait. What is asked for is in the store before it is
// promised, so that it is there after the server has ended.

import { InputError, WidthwiseError } from "../../base/errors.ts";
import { sha256 } from "../../base/sha256.node.ts";
import type { KeptStudy } from "../../records/store.ts";
import type { Provenance } from "../../report/provenance.ts";
import type { ServerEvent, Underway } from "../../report/watching.ts";
import { checkData } from "../../study/check-data.ts";
import { idOf } from "../../study/result.ts";
import { planOf } from "../../study/run.ts";
import type { Study } from "../../study/spec.ts";
import { trainStudy } from "../commands/studies/train-study.ts";
import type { Context } from "../context.ts";
import { loadData } from "../data.ts";
import { keepProvenance, keptProvenance } from "../kept-provenance.ts";
import { versions } from "../package.ts";
import { withStore } from "../store.ts";
import { MOST_ROWS } from "./kept-studies.ts";
import type { Shelf } from "./shelf.ts";
import { WatchedStudy } from "./watched-study.ts";

/** Studies that are trained or wait for it. */
export const MOST_UNDERWAY = 5;

/** Failures that are still told. */
const MOST_FAILED = 5;

export interface TrainerOptions {
  /** Of the store. */
  readonly path: string;
  readonly workers: number;
  /** Folder of data sets' files. */
  readonly data: string | undefined;
  readonly context: Context;
  readonly shelf: Shelf;
  readonly tell: (event: ServerEvent) => void;
}

interface Job extends Underway {
  readonly study: Study;
  readonly interruption: AbortController;
}

/** Where it comes from is told to who has started the server. */
export function tellBug(error: unknown, stderr: NodeJS.WritableStream): string {
  const sentence = `the lab met a bug: ${String(error)}`;
  stderr.write(`${(error instanceof Error ? error.stack : undefined) ?? sentence}\n`);
  return sentence;
}

export class TooMany extends WidthwiseError {}

export class Trainer {
  readonly #options: TrainerOptions;
  #jobs: Job[] = [];
  #asking = 0;
  #watched: { readonly id: string; readonly study: WatchedStudy } | null = null;
  #training: Promise<void> | null = null;
  #isClosed = false;

  constructor(options: TrainerOptions) {
    this.#options = options;
  }

  get underway(): readonly Underway[] {
    return this.#jobs.map(({ id, name, state, message }) => ({ id, name, state, message }));
  }

  /** What brings somebody up to date who comes now. */
  soFar(): ServerEvent[] {
    const { id, study } = this.#watched ?? {};
    const events = study?.soFar() ?? [];
    return [
      { kind: "underway", studies: this.underway },
      ...events.map((event): ServerEvent => ({ kind: "study", id: id ?? "", event })),
    ];
  }

  /**
   * Takes a study's text, and gives the id that it is kept under.
   * Throws InputError where it is none for a page to ask for, TooMany where too many wait.
   */
  async start(text: string): Promise<string> {
    const { context, data, path } = this.#options;
    return this.#admitted(async () => {
      const { CATALOGUE } = await import("../../questions/catalogue.ts");
      const { parseStudy } = await import("../../study/language/parse.ts");
      const study = parseStudy(text, "study.yaml", CATALOGUE);
      refusePaths(study);
      const { dataset } = await loadData(study.dataset, data, context);
      checkData(study, dataset);
      const id = idOf(study, dataset, sha256);
      if (!this.#isUnderway(id))
        await withStore(path, context, (store) => store.plan(planOf(id, study, dataset, [])));
      return { id, study };
    });
  }

  /** Goes on with a kept study, whoever has begun it. */
  async goOn({ id, name, finished, specification }: KeptStudy): Promise<string> {
    if (finished !== null) throw new InputError(`study ${name}: it has been answered`);
    return this.#admitted(() => Promise.resolve({ id, study: JSON.parse(specification) as Study }));
  }

  /** What is trained by then is kept. */
  stop(id: string): void {
    this.#jobs.find((job) => job.id === id)?.interruption.abort();
    this.#jobs = this.#jobs.filter((job) => job.id !== id || job.state === "training");
    this.#tellUnderway();
  }

  /** Ends what is trained; what waits is kept as not finished. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { id } of this.#jobs) this.stop(id);
    await this.#training;
  }

  #isUnderway(id: string): boolean {
    return this.#jobs.some((job) => job.id === id && job.state !== "failed");
  }

  /** Places are taken before anything is read, so that many requests at once are too many, too. */
  async #admitted(ask: () => Promise<{ id: string; study: Study }>): Promise<string> {
    const taken = this.#jobs.filter(({ state }) => state !== "failed").length + this.#asking;
    if (taken >= MOST_UNDERWAY)
      throw new TooMany(
        `${MOST_UNDERWAY} studies are trained or wait for it, which is the most; stop one, or start this one when another is done`,
      );
    this.#asking++;
    try {
      const { id, study } = await ask();
      if (this.#isUnderway(id)) return id;
      const failed = this.#jobs.filter((job) => job.state === "failed" && job.id !== id);
      this.#jobs = [
        ...failed.slice(-MOST_FAILED),
        ...this.#jobs.filter(({ state }) => state !== "failed"),
        {
          ...{ id, name: study.name, state: "waiting", message: "" },
          ...{ study, interruption: new AbortController() },
        },
      ];
      this.#tellUnderway();
      this.#next();
      return id;
    } finally {
      this.#asking--;
    }
  }

  #tellUnderway(): void {
    this.#options.tell({ kind: "underway", studies: this.underway });
  }

  #next(): void {
    const job = this.#jobs.find(({ state }) => state === "waiting");
    if (this.#training !== null || job === undefined || this.#isClosed) return;
    this.#change(job, { state: "training" });
    this.#training = this.#train(job)
      .then(
        () => {
          this.#jobs = this.#jobs.filter(({ id }) => id !== job.id);
        },
        (error: unknown) => {
          if (job.interruption.signal.aborted)
            this.#jobs = this.#jobs.filter(({ id }) => id !== job.id);
          else this.#change(job, { state: "failed", message: this.#sentenceOf(error) });
        },
      )
      .then(() => {
        this.#training = null;
        this.#watched = null;
        this.#tellUnderway();
        this.#next();
      });
  }

  #change({ id }: Job, change: Partial<Underway>): void {
    this.#jobs = this.#jobs.map((job) => (job.id === id ? { ...job, ...change } : job));
    this.#tellUnderway();
  }

  #sentenceOf(error: unknown): string {
    if (error instanceof WidthwiseError) return error.message;
    return tellBug(error, this.#options.context.stderr);
  }

  async #train({ id, study, interruption }: Job): Promise<void> {
    const { context, path, workers, data, tell } = this.#options;
    const watched = new WatchedStudy(study, MOST_ROWS, (event) => {
      tell({ kind: "study", id, event });
    });
    this.#watched = { id, study: watched };
    const { effects } = context;
    const seen: Context = {
      ...{ ...context, signal: interruption.signal },
      effects: {
        ...effects,
        runStudy: (asked, running) =>
          effects.runStudy(asked, { ...running, pool: watched.watched(running.pool) }),
      },
    };
    await withStore(path, context, async (store) => {
      let isTrained = false as boolean;
      const { result, ...trained } = await trainStudy(study, store, { workers, data, path }, seen, {
        ...{ store, view: watched, onCall: undefined },
        onEvent: (event) => {
          if (event.kind === "ended" && !event.reused) isTrained = true;
          watched.onEvent(event);
        },
      });
      const known = isTrained ? null : await keptProvenance(store, result.id);
      if (known === null) await keepProvenance(store, result.id, this.#provenance(study, trained));
    });
  }

  #provenance({ name }: Study, trained: Pick<Provenance, "seconds" | "dataset">): Provenance {
    const command = `widthwise run ./${name}.yaml  # the specification below, saved as that file`;
    return { versions: versions(), command, ...trained };
  }
}

/** A page names no files of this machine: whoever can open it would read them. */
function refusePaths({ dataset, model }: Study): void {
  const path = dataset.path !== undefined ? "dataset.path" : "model.init.path";
  if (dataset.path === undefined && typeof model.init !== "object") return;
  throw new InputError(
    `${path}: a page names no files of the server's; run this study with widthwise run, and open it here from the list`,
  );
}
