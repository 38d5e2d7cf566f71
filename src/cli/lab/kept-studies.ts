// What the lab's page is told of the studies that are kept: read from the store each time, and nothing written.

import { existsSync } from "node:fs";
import type { Outcome } from "../../analysis/outcome.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { InputError } from "../../base/errors.ts";
import type { Answered } from "../../questions/asked.ts";
import { isStopped, lastPass, type TrialRecord } from "../../records/record.ts";
import type { KeptStudy, RecordStore, StudyTrial } from "../../records/store.ts";
import type { Provenance } from "../../report/provenance.ts";
import { WatchedMap } from "../../report/watched-map.ts";
import {
  packedCell,
  packedRow,
  type EndedTrial,
  type ListedClaim,
  type ListedStudy,
  type OpenedStudy,
  type PackedRows,
  type ToldAnswer,
  type ToldCells,
  type WatchedEvent,
  type WatchedTrial,
} from "../../report/watching.ts";
import { askedMap } from "../../study/plans/map.ts";
import type { Study } from "../../study/spec.ts";
import type { Context } from "../context.ts";
import { keptProvenance, unknownProvenance } from "../kept-provenance.ts";
import { versions } from "../package.ts";
import { withStore } from "../store.ts";
import { seenFrom, withNamesAlone } from "../study-files.ts";
import { wholePasses } from "../view/kept-text.ts";
import { textOf, type Shelf } from "./shelf.ts";

/** Studies that are listed, the one planned last first. */
const MOST_STUDIES = 200;

/** Trials of one study that make curves. */
const MOST_TRIALS = 1000;

/** Evaluations that a page is given of one study. */
export const MOST_ROWS = 100_000;

interface Found {
  readonly found: Answered;
  readonly provenance: Provenance;
}

export class KeptStudies {
  readonly #path: string;
  readonly #context: Context;
  readonly #shelf: Shelf;

  constructor(path: string, context: Context, shelf: Shelf) {
    this.#path = path;
    this.#context = context;
    this.#shelf = shelf;
  }

  async list(): Promise<{ readonly studies: readonly ListedStudy[]; readonly more: number }> {
    if (!existsSync(this.#path)) return { studies: [], more: 0 };
    return this.#read(async (store) => {
      const all = await store.studies();
      const studies: ListedStudy[] = [];
      for (const { id } of all.slice(0, MOST_STUDIES)) {
        const kept = await store.study(id);
        if (kept !== null) studies.push(await listed(store, kept));
      }
      return { studies, more: Math.max(0, all.length - MOST_STUDIES) };
    });
  }

  async claims(): Promise<readonly ListedClaim[]> {
    if (!existsSync(this.#path)) return this.#shelf.listed([]);
    return this.#read(async (store) => this.#shelf.listed(await store.studies()));
  }

  async study(id: string): Promise<KeptStudy> {
    return this.#ofStudy(id, (_, kept) => Promise.resolve(kept));
  }

  /** Throws InputError where it has more rows than a page is given. */
  async open(id: string): Promise<OpenedStudy> {
    return this.#ofStudy(id, async (store, kept) => {
      const study = JSON.parse(kept.specification) as Study;
      return {
        ...(await listed(store, kept)),
        text: textOf(withNamesAlone(study)),
        digest: study.dataset.path === undefined ? null : kept.dataset.digest,
        events: await eventsOf(store, kept),
        answer: kept.finished === null ? null : await told(await this.#answer(store, kept)),
      };
    });
  }

  /** The evaluations of one of its trials. */
  async rows(id: string, key: string): Promise<PackedRows> {
    return this.#ofStudy(id, async (store, { name, trials }) => {
      const asked = trials.find((trial) => trial.key === key);
      const record = asked && (await store.get(key, asked.passes, asked.stop));
      if (!record)
        throw new InputError(`study ${name}: it has no trial ${key.slice(0, 12)} that is trained`);
      return packedRows(record);
    });
  }

  async answer(id: string): Promise<ToldAnswer> {
    return this.#ofStudy(id, async (store, kept) => told(await this.#answer(store, kept)));
  }

  /** report.html. */
  async report(id: string): Promise<string> {
    const { renderHtml } = await import("../../document/html.ts");
    const { buildReport } = await import("../../report/report.ts");
    const { summarize, summaryJson } = await import("../../report/summary.ts");
    return this.#ofStudy(id, async (store, kept) => {
      const { found, provenance } = await this.#answer(store, kept);
      const summary = summaryJson(summarize(found, provenance));
      return renderHtml(buildReport(found, provenance), summary);
    });
  }

  async figures(id: string): Promise<readonly { readonly name: string; readonly svg: string }[]> {
    return this.#ofStudy(id, async (store, kept) => {
      const { found } = await this.#answer(store, kept);
      return found.ordered
        .flatMap(({ draw }) => draw?.("paper") ?? [])
        .map(({ name, svg }) => ({ name, svg }));
    });
  }

  async csv(id: string): Promise<string> {
    const { trajectoriesCsv } = await import("../../report/trajectories.ts");
    return this.#ofStudy(id, async (store, kept) => {
      const { found } = await this.#answer(store, kept);
      return [...trajectoriesCsv(found.result.outcomes)].join("");
    });
  }

  async #answer(store: RecordStore, kept: KeptStudy): Promise<Found> {
    const { answered } = await import("../../questions/asked.ts");
    const { CATALOGUE } = await import("../../questions/catalogue.ts");
    const { answerFromStore, datasetSize } = await import("../../study/kept/answer.ts");
    const { mapSoFar } = await import("../../study/kept/map-so-far.ts");
    const study = JSON.parse(kept.specification) as Study;
    const isSoFar = kept.finished === null && askedMap(study) !== null;
    const result = isSoFar
      ? await mapSoFar(study, datasetSize(kept), await outcomesOf(store, kept), { store, sha256 })
      : await answerFromStore(kept, { catalogue: CATALOGUE, store, sha256 });
    const provenance = (await keptProvenance(store, kept.id)) ?? {
      ...unknownProvenance(kept),
      ...(isSoFar && { versions: versions() }),
    };
    const claim = provenance.claim ?? (await this.#shelf.testedBy(kept));
    return {
      found: answered({ ...result, study: seenFrom(".", result.study) }, CATALOGUE),
      provenance: claim === null ? provenance : { ...provenance, claim },
    };
  }

  #read<Result>(work: (store: RecordStore) => Promise<Result>): Promise<Result> {
    return withStore(this.#path, this.#context, work, { toRead: true });
  }

  /** Throws InputError where none is kept under `id`. */
  async #ofStudy<Result>(
    id: string,
    work: (store: RecordStore, kept: KeptStudy) => Promise<Result>,
  ): Promise<Result> {
    const missing = () => new InputError(`study ${id.slice(0, 12)}: it is not in the store`);
    if (!existsSync(this.#path)) throw missing();
    return this.#read(async (store) => {
      const kept = await store.study(id);
      if (kept === null) throw missing();
      return work(store, kept);
    });
  }
}

async function listed(store: RecordStore, kept: KeptStudy): Promise<ListedStudy> {
  const { id, name, created, finished, fingerprint, size: trials, dataset } = kept;
  const study = JSON.parse(kept.specification) as Study;
  const { question, sweep, streams } = study;
  const { ended } = await store.studyTotals(id);
  return {
    ...{ id, name, question, created, finished, fingerprint, trials, ended },
    ...{ dataset: dataset.name, widths: sweep.width },
    seeds: streams.kind === "named" ? streams.seeds.length : 1,
    isMap: askedMap(study) !== null,
  };
}

/** What is kept of a map's sweep. */
async function outcomesOf(store: RecordStore, { trials }: KeptStudy): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { key, passes, role, point, stop } of trials) {
    if (role !== "sweep") continue;
    const record = await store.get(key, passes, stop);
    if (record === null) continue;
    const stopped = stop !== undefined && isStopped(record, passes);
    outcomes.push({ point, record, ...(stopped && { stopped }) });
  }
  return outcomes;
}

/** As they would have been told while it was trained. */
async function eventsOf(store: RecordStore, kept: KeptStudy): Promise<WatchedEvent[]> {
  const map = WatchedMap.of(JSON.parse(kept.specification) as Study);
  const isCurve = ({ role }: StudyTrial) => map === null || role !== "sweep";
  const curves = await curvesOf(store, { ...kept, trials: kept.trials.filter(isCurve) });
  return map === null ? curves : [...curves, await cellsOf(store, kept, map)];
}

async function cellsOf(store: RecordStore, kept: KeptStudy, map: WatchedMap): Promise<ToldCells> {
  if (kept.size > MOST_ROWS)
    throw new InputError(
      `study ${kept.name}: its ${kept.size} trials are too many for a page; look at its report`,
    );
  const outcomes = await outcomesOf(store, kept);
  const cells = outcomes.flatMap(({ point, record }) => map.add(point, record) ?? []);
  const round = { trials: kept.size, done: outcomes.length };
  return { kind: "cells", cells: cells.map(packedCell), round };
}

async function curvesOf(store: RecordStore, kept: KeptStudy): Promise<WatchedEvent[]> {
  const facts = new Map(
    (await store.trials(kept.trials.map(({ key }) => key))).map((one) => [one.key, one]),
  );
  if (kept.trials.length > MOST_TRIALS)
    throw new InputError(
      `study ${kept.name}: its ${kept.trials.length} trials are too many for curves; look at its report`,
    );
  const planned: WatchedTrial[] = [];
  const all: PackedRows[] = [];
  const ends: EndedTrial[] = [];
  let count = 0;
  for (const { key, passes, role, point, stop } of kept.trials) {
    const found = facts.get(key);
    if (found === undefined) continue;
    const whole = await store.get(key, passes, stop);
    const record = whole ?? (await store.get(key, wholePasses(found)));
    if (record === null) continue;
    const { training, data } = found.specification;
    const { trajectory, ending, fingerprint } = record;
    count += trajectory.length;
    if (count > MOST_ROWS)
      throw new InputError(
        `study ${kept.name}: its trials have more than ${MOST_ROWS} evaluations, too many for a page; look at its report`,
      );
    planned.push({
      ...{ key, role, point, passes },
      learningRate: training.learning_rate,
      examples: data.train_examples,
    });
    all.push(packedRows(record));
    if (whole !== null)
      ends.push({ kind: "ended", key, ending, fingerprint, passes: lastPass(whole) });
  }
  return [{ kind: "planned", trials: planned }, { kind: "rows", all }, ...ends];
}

function packedRows({ key, trajectory }: TrialRecord): PackedRows {
  const [{ train, test }] = trajectory;
  return { key, examples: [train.examples, test.examples], rows: trajectory.map(packedRow) };
}

async function told({ found, provenance }: Found): Promise<ToldAnswer> {
  const { pageSentences } = await import("../../questions/asked.ts");
  const { summarize, verdictOn } = await import("../../report/summary.ts");
  const verdict = verdictOn(summarize(found, provenance), provenance);
  return { sentences: pageSentences(found), verdict: verdict?.verdict ?? null };
}
