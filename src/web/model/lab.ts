// The page's state, and what changes it: the user, the address and the worker that trains.

import type { ComponentType } from "preact";
import { valuesText } from "../../records/point.ts";
import { startEngine, type Engine } from "../engine-client.ts";
import type { Handed } from "../data/hand.ts";
import { MapModel } from "../map/map-model.ts";
import type { Edit } from "../map/zoom.ts";
import type { AnswerLine, Event, LabState, Reading, Rows } from "../protocol.ts";
import { passes } from "../view/words.ts";
import { fromHash, toHash } from "./address.ts";
import { interpolatedAt, linesOf, type Line, type LiveTrial } from "./lines.ts";
import { OwnFiles } from "./own-files.ts";
import { PRESETS } from "./presets.ts";

/** Studies that a server keeps and trains, in the place of the page's own. */
export interface Elsewhere {
  readonly isShown: boolean;
  /** Whether several are laid over each other. */
  readonly isLaid: boolean;
  /** What is shown, in a few words. */
  readonly title: string;
  readonly results: Pick<Engine, "call">;
  readonly views: {
    readonly Studies: ComponentType<{ lab: Lab }>;
    readonly Claims: ComponentType<{ lab: Lab; onStudy: () => void }>;
    readonly Controls: ComponentType<{ lab: Lab }>;
    readonly Start: ComponentType<{ lab: Lab }>;
  };
  open(ids: readonly string[]): Promise<void>;
  /** The page shows its own again. */
  leave(): void;
}

export class Lab {
  readonly engine: Engine;
  readonly own: OwnFiles;
  text: string;
  log: boolean;
  /** Ids of the server's studies that are shown. */
  stored: readonly string[];
  /** null where the page has no server. */
  elsewhere: Elsewhere | null = null;
  reading: Reading = { said: null, problem: null, map: null };
  schema: object = {};
  state: LabState = "idle";
  message = "";
  /** What is told as it happens, the newest last. */
  notes: string[] = [];
  answer: AnswerLine | null = null;
  memory: { shared: boolean; workers: number } | null = null;
  trials = new Map<string, LiveTrial>();
  lines: readonly Line[] = [];
  /** What the search for the learning rate has tried, in the order of rates. */
  probes: readonly LiveTrial[] = [];
  /** Of the study that is shown, where it asks for one. */
  map: MapModel | null = null;
  /** What the map under way is at. */
  round = { trials: 0, done: 0 };
  /** The text that was started; another one begins anew. */
  started: string | null = null;
  /** The pass that is looked at; null for the newest. */
  pass: number | null = null;
  readonly #listeners = new Set<() => void>();
  /** The map that is being trained. */
  #mapUnderWay: MapModel | null = null;
  /** Studies that were started in this page. */
  readonly #begun = new Set<string>();
  /** What comes until the worker begins the study that was started is another one's. */
  #isAwaiting = false;
  /** Whose turn comes in the next frames. */
  readonly #turns = new Set<() => void>();
  #isTelling = false;
  #read = 0;
  /** Ends when what the study says is known. */
  #reading: Promise<void> = Promise.resolve();

  constructor() {
    const shared = fromHash(location.hash);
    this.text = shared?.text ?? PRESETS[0].text;
    this.log = shared?.log ?? true;
    this.stored = shared?.stored ?? [];
    this.engine = startEngine((event) => {
      this.receive(event);
    });
    this.own = new OwnFiles(this.engine, () => {
      this.#share();
      this.tell();
    });
    this.own.expect(shared?.digest ?? null);
    void this.engine.call("schema").then((schema) => {
      this.schema = schema;
      this.tell();
    });
    void this.setText(this.text);
    addEventListener("hashchange", () => {
      const shared = fromHash(location.hash);
      if (shared === null) return;
      this.log = shared.log;
      if (shared.digest !== this.own.digest) this.own.expect(shared.digest);
      if (shared.text !== this.text) void this.#goTo(shared.text);
      if (shared.stored.join() !== this.stored.join()) void this.elsewhere?.open(shared.stored);
    });
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What figures and tables are asked of. */
  get results(): Pick<Engine, "call"> {
    return this.elsewhere?.isShown === true ? this.elsewhere.results : this.engine;
  }

  /** What the user does is told to all listeners in the next frame. */
  tell(): void {
    this.#isTelling = true;
    this.#tellInTurns();
  }

  /** What training brings is told to one listener a frame, so that no frame has all the work. */
  #tellInTurns(): void {
    const isWaiting = this.#turns.size > 0;
    for (const listener of this.#listeners) this.#turns.add(listener);
    if (!isWaiting) this.#soon();
  }

  #soon(): void {
    // In a page that is not seen there are no frames.
    const soon = document.hidden ? setTimeout : requestAnimationFrame;
    soon(() => {
      const turn = [...this.#turns].slice(0, this.#isTelling ? Infinity : 1);
      this.#isTelling = false;
      for (const listener of turn) this.#turns.delete(listener);
      for (const listener of turn) if (this.#listeners.has(listener)) listener();
      if (this.#turns.size > 0) this.#soon();
    });
  }

  /** The newest pass of any line. */
  get newest(): number {
    return Math.max(
      0,
      ...this.lines.flatMap(({ trials }) => trials.map(({ rows }) => rows.at(-1)?.pass ?? 0)),
    );
  }

  get shown(): number {
    return Math.min(this.pass ?? Infinity, this.newest);
  }

  setText(text: string): Promise<void> {
    this.#reading = this.#readText(text);
    return this.#reading;
  }

  async #readText(text: string): Promise<void> {
    this.text = text;
    const asked = ++this.#read;
    this.#share();
    this.tell();
    const reading = await this.engine.call("read", text);
    if (asked !== this.#read) return;
    this.reading = reading;
    this.map = this.#mapOf(reading);
    this.tell();
    await this.own.see(reading.said?.dataset);
  }

  /** Trains on the user's own files from now on; what was trained on others is gone. */
  async hand(files: readonly Handed[]): Promise<void> {
    const text = await this.own.take(this.text, files);
    if (text === null) return;
    this.#clear();
    await this.setText(text);
  }

  /** The map under way, or the one that is shown, where they are it; while there is a mistake, what is shown stays. */
  #mapOf({ map, problem }: Reading): MapModel | null {
    if (map === null) return problem === null ? null : this.map;
    const known = [this.#mapUnderWay, this.map].find(
      (one) => one !== null && JSON.stringify(one.outline) === JSON.stringify(map),
    );
    return known ?? new MapModel(map);
  }

  /** How often one can go back to a map that this one is a part of. */
  get depth(): number {
    const { depth = 0 } = (history.state ?? {}) as { readonly depth?: number };
    return depth;
  }

  /** The same study with other values, started at once; going back comes to this one again. */
  async zoom(edits: readonly Edit[]): Promise<void> {
    let { text } = this;
    for (const [path, value] of edits) text = await this.engine.call("edit", text, path, value);
    history.pushState({ depth: this.depth + 1 }, "", this.#address(text));
    this.#begun.add(text);
    await this.#goTo(text);
  }

  /** What was started in this page before is so again; what a link says is not. */
  async #goTo(text: string): Promise<void> {
    await this.setText(text);
    if (this.map !== null && this.#begun.has(text)) await this.start();
  }

  async set(path: readonly (string | number)[], value: unknown): Promise<void> {
    await this.setText(await this.engine.call("edit", this.text, path, value));
  }

  /** Begins to show a study of elsewhere, whose events are received; going back comes to what was there before. */
  async show(text: string, stored: readonly string[], digest: string | null): Promise<void> {
    this.#clear();
    this.own.expect(digest);
    this.#isAwaiting = false;
    this.stored = stored;
    this.started = text;
    if (fromHash(location.hash)?.stored.join() !== stored.join())
      history.pushState({}, "", this.#address(text));
    await this.setText(text);
    this.#mapUnderWay = this.map;
  }

  setLog(log: boolean): void {
    this.log = log;
    this.#share();
    this.tell();
  }

  setPass(pass: number | null): void {
    this.pass = pass;
    this.tell();
  }

  #share(): void {
    history.replaceState(history.state, "", this.#address(this.text));
  }

  #address(text: string): string {
    const { log, own, started } = this;
    const stored = started === null || started === text ? this.stored : [];
    return toHash({ text, log, digest: own.digest, stored });
  }

  async start(one = false): Promise<void> {
    await this.#reading;
    if (this.reading.problem !== null || this.own.isMissing) return;
    if (this.stored.length > 0 || this.started !== this.text) {
      this.#clear();
      this.#isAwaiting = true;
    }
    this.started = this.text;
    this.#begun.add(this.text);
    this.state = "loading";
    this.pass = null;
    this.tell();
    await this.engine.call("start", this.text, one);
  }

  async pause(): Promise<void> {
    await this.engine.call("pause");
  }

  /** Shows nothing; what the page trains is let go. */
  async reset(): Promise<void> {
    await this.engine.call("reset");
    this.#clear();
    this.#share();
    this.tell();
  }

  #clear(): void {
    this.elsewhere?.leave();
    this.stored = [];
    this.trials = new Map();
    this.lines = [];
    this.probes = [];
    this.notes = [];
    this.answer = null;
    this.started = null;
    this.pass = null;
    this.message = "";
    this.round = { trials: 0, done: 0 };
    this.map = this.#mapUnderWay = this.map && new MapModel(this.map.outline);
  }

  receive(event: Event): void {
    const begins = event.kind === "state" && ["loading", "failed"].includes(event.state);
    if (begins) this.#isAwaiting = false;
    if (this.#isAwaiting) return;
    switch (event.kind) {
      case "state":
        this.state = event.state;
        this.message = event.message;
        break;
      case "planned":
        for (const planned of event.trials)
          // A rate of the search may be the sweep's, too: then its first pass is there already.
          this.trials.set(planned.key, {
            ...planned,
            rows: this.trials.get(planned.key)?.rows ?? [],
            ...{ ending: null, fingerprint: null },
          });
        this.lines = linesOf(this.trials.values());
        break;
      case "rows":
        for (const { key, rows } of event.all) this.#addRows(key, rows);
        break;
      case "ended": {
        const { key, ending, fingerprint } = event;
        const trial = { ...this.#trial(key), ending, fingerprint };
        this.trials.set(key, trial);
        if (trial.role === "search") this.probes = probesWith(this.probes, trial);
        this.lines = linesOf(this.trials.values());
        break;
      }
      case "cells":
        this.#mapUnderWay?.add(event.cells);
        this.round = event.round;
        break;
      case "answer":
        this.answer = event.answer;
        break;
      case "memory":
        this.memory = event;
        break;
      case "note":
        this.notes = [...this.notes, event.message];
        break;
    }
    if (event.kind === "state") this.tell();
    else this.#tellInTurns();
  }

  #trial(key: string): LiveTrial {
    const trial = this.trials.get(key);
    if (trial === undefined) throw new Error(`no trial ${key} was planned`);
    return trial;
  }

  #addRows(key: string, rows: Rows["rows"]): void {
    const trial = this.#trial(key);
    const before = interpolatedAt(trial);
    trial.rows.push(...rows);
    const now = interpolatedAt(trial);
    if (trial.role === "search" || before !== null || now === null) return;
    const line = this.lines.find(({ trials }) => trials.includes(trial));
    const seed = line && line.trials.length > 1 ? `, seed ${String(trial.point.seed)},` : "";
    const told = `${valuesText(trial.point.values)}${seed} interpolates after ${passes(now)}.`;
    this.notes = [...this.notes, told.charAt(0).toUpperCase() + told.slice(1)];
  }
}

function probesWith(probes: readonly LiveTrial[], probe: LiveTrial): LiveTrial[] {
  return [...probes.filter(({ key }) => key !== probe.key), probe].sort(
    (a, b) => a.learningRate - b.learningRate,
  );
}
