// The page's state, and what changes it: the user, the address and the worker that trains.

import { startEngine, type Engine } from "../engine-client.ts";
import type { Handed } from "../data/hand.ts";
import { MapModel } from "../map/map-model.ts";
import type { Edit } from "../map/zoom.ts";
import type { Event, LabState, Reading } from "../protocol.ts";
import { newestOf, plainly, type Look, type Shared, type Tab } from "./address.ts";
import { AddressBar } from "./address-bar.ts";
import type { Elsewhere } from "./elsewhere.ts";
import { Failure } from "./failure.ts";
import { Listeners } from "./listeners.ts";
import type { Line } from "./lines.ts";
import { crashNote } from "./notes.ts";
import { OwnFiles } from "./own-files.ts";
import { datasetsBeside } from "./place.ts";
import { presets } from "./presets.ts";
import type { Said } from "./schema.ts";
import { Trained } from "./trained.ts";

/** After which a study is not begun again by itself. */
const MOST_CRASHES = 5;

export class Lab {
  readonly engine: Engine;
  readonly own: OwnFiles;
  readonly address: AddressBar;
  readonly failure = new Failure(() => {
    this.tell();
  });
  text: string;
  log: boolean;
  /** Of the study's form that is open. */
  tab: Tab;
  /** Ids of the server's studies that are shown. */
  stored: readonly string[];
  /** null where the page has no server. */
  elsewhere: Elsewhere<Lab> | null = null;
  reading: Reading = { said: null, problem: null, map: null };
  schema: object = {};
  state: LabState = "idle";
  message = "";
  memory: { shared: boolean; workers: number } | null = null;
  /** Of the study that is shown, where it asks for one. */
  map: MapModel | null = null;
  /** What the map under way is at. */
  round = { trials: 0, done: 0 };
  /** The text that was started; another one begins anew. */
  started: string | null = null;
  /** A link's may be of a study that is not started, and of a pass and a line that are not there yet. */
  #look: Look;
  #trained = new Trained();
  /** The text that `reading` is of. */
  #textRead: string | null = null;
  readonly #listeners = new Listeners();
  /** The map that is being trained. */
  #mapUnderWay: MapModel | null = null;
  /** Studies that were started in this page. */
  readonly #begun = new Set<string>();
  /** What comes until the worker begins the study that was started is another one's. */
  #isAwaiting = false;
  #isOne = false;
  /** Of the study that was started. */
  #crashes = 0;
  #read = 0;
  /** Counts what `#follow` was asked. */
  #followed = 0;
  /** Ends when what the study says is known. */
  #reading: Promise<void> = Promise.resolve();
  #editing: Promise<void> = Promise.resolve();

  constructor() {
    this.address = new AddressBar(
      () => this.#shared(this.text),
      (shared) => void this.#follow(shared),
      this.failure.tell.bind(this.failure),
    );
    const shared = this.address.opened() ?? plainly(presets()[0].text);
    [this.text, this.log, this.tab] = [shared.text, shared.log, shared.tab];
    [this.stored, this.#look] = [shared.stored, shared];
    this.engine = startEngine(
      (event) => {
        this.receive(event);
      },
      (why) => {
        this.#beginAgain(why);
      },
    );
    this.own = new OwnFiles(this.engine, () => {
      this.address.putInTurn();
      this.tell();
    });
    this.own.expect(shared.digest);
    void this.engine.call("schema", datasetsBeside()).then((schema) => {
      this.schema = schema;
      this.tell();
    });
    void this.setText(this.text);
  }

  /** A link that is opened, or a step in history. */
  async #follow(shared: Shared): Promise<void> {
    const following = ++this.#followed;
    [this.log, this.tab] = [shared.log, shared.tab];
    if (shared.digest !== this.own.digest) this.own.expect(shared.digest);
    const isOther = shared.text !== this.text;
    const stored = shared.stored.join();
    // What is shown by then has its address put there.
    if (stored === "") this.text = shared.text;
    if (stored !== this.stored.join()) await this.elsewhere?.open(shared.stored);
    if (following !== this.#followed) return;
    const isShown = this.elsewhere?.isShown === true && stored === this.stored.join();
    // The store says what its study is, whatever the link does.
    const text = isShown && this.started !== null ? this.started : shared.text;
    this.#look = { ...shared, text };
    if (isShown) await this.setText(text);
    else if (isOther) await this.#goTo(text);
    else this.address.put();
    this.tell();
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** What figures and tables are asked of. */
  get results(): Pick<Engine, "call"> {
    return this.elsewhere?.isShown === true ? this.elsewhere.results : this.engine;
  }

  /** What the user does is told to all listeners at once, what training brings one after the other. */
  tell(): void {
    this.#listeners.tell();
  }

  get trials(): Trained["trials"] {
    return this.#trained.trials;
  }

  get lines(): Trained["lines"] {
    return this.#trained.lines;
  }

  get probes(): Trained["probes"] {
    return this.#trained.probes;
  }

  get notes(): Trained["notes"] {
    return this.#trained.notes;
  }

  get answer(): Trained["answer"] {
    return this.#trained.answer;
  }

  get newest(): number {
    return this.#trained.newest;
  }

  /** The pass that is looked at, once training has reached it; null for the newest. */
  get pass(): number | null {
    const { text, pass } = this.#look;
    return text === this.started && pass !== null && pass <= this.newest ? pass : null;
  }

  /** The line whose network is looked into. */
  get inside(): Line | undefined {
    const { text, inside } = this.#look;
    return text === this.started ? this.lines.find(({ name }) => name === inside) : undefined;
  }

  /** The point of the map that is chosen, where the map has it. */
  get cell(): number | null {
    const { text, cell } = this.#look;
    const isOf = text === (this.#isUnderWay ? this.started : this.#textRead);
    return isOf && cell !== null ? (this.map?.pointAt(cell) ?? null) : null;
  }

  /** Whether the map that is shown is the one that is trained, whatever else the text says by now. */
  get #isUnderWay(): boolean {
    return this.started !== null && this.map === this.#mapUnderWay;
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
    this.address.putInTurn();
    this.tell();
    const reading = await this.engine.call("read", text);
    if (asked !== this.#read) return;
    [this.reading, this.#textRead] = [reading, text];
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

  /** The same study with other values, started at once; going back comes to this one again. */
  async zoom(edits: readonly Edit[]): Promise<void> {
    let { text } = this;
    for (const [path, value] of edits) text = await this.engine.call("edit", text, path, value);
    this.address.step(this.#shared(text), this.address.depth + 1);
    this.#begun.add(text);
    await this.#goTo(text);
  }

  /** What was started in this page before is so again; what a link says is not. */
  async #goTo(text: string): Promise<void> {
    await this.setText(text);
    if (this.map !== null && this.#begun.has(text)) await this.start();
  }

  /** One edit after the other, of what the study says by then, so that none undoes the one before. */
  change(path: readonly (string | number)[], by: (said: Said) => unknown): void {
    const edited = this.#editing.then(async () => {
      await this.#reading;
      const { text, reading } = this;
      void this.setText(await this.engine.call("edit", text, path, by(reading.said)));
    });
    this.#editing = edited.catch((error: unknown) => {
      this.failure.tell(error);
    });
  }

  /** Begins to show a study of elsewhere, whose events are received; going back comes to what was there before. */
  async show(text: string, stored: readonly string[], digest: string | null): Promise<void> {
    const shared = this.address.read();
    this.#clear();
    this.own.expect(digest);
    this.#isAwaiting = false;
    this.stored = stored;
    this.started = text;
    if (shared?.stored.join() === stored.join()) this.#look = { ...shared, text };
    else {
      this.#look = newestOf(text);
      this.address.step(this.#shared(text));
    }
    await this.setText(text);
    this.#mapUnderWay = this.map;
  }

  setLog(log: boolean): void {
    this.log = log;
    this.address.putInTurn();
    this.tell();
  }

  setTab(tab: Tab): void {
    this.tab = tab;
    this.address.putInTurn();
    this.tell();
  }

  setPass(pass: number | null): void {
    this.#lookAt({ pass });
    this.address.putAtRest();
    this.tell();
  }

  setInside({ name }: Line): void {
    this.#lookAt({ inside: name });
    this.address.putInTurn();
    this.tell();
  }

  setCell(point: number | null): void {
    const cell = point === null ? null : (this.map?.cellAt(point) ?? null);
    this.#lookAt({ cell }, (this.#isUnderWay ? this.started : null) ?? this.text);
    this.address.putInTurn();
    this.tell();
  }

  #lookAt(what: Partial<Look>, text = this.started ?? this.text): void {
    this.#look = { ...this.#lookOf(text), ...what };
  }

  #lookOf(text: string): Look {
    return this.#look.text === text ? this.#look : newestOf(text);
  }

  /** The page with this text. */
  #shared(text: string): Shared {
    const { log, tab, own, started } = this;
    const stored = started === null || started === text ? this.stored : [];
    return { ...this.#lookOf(text), log, tab, digest: own.digest, stored };
  }

  async start(one = false): Promise<void> {
    await this.#editing;
    await this.#reading;
    if (this.reading.problem !== null || this.own.isMissing) return;
    if (this.stored.length > 0 || this.started !== this.text) {
      this.#clear();
      this.#isAwaiting = true;
    }
    // Nobody who goes on wants to stay where training is no more; what a link asks for is yet to come.
    if (this.pass !== null) this.#lookAt({ pass: null });
    this.started = this.text;
    this.#lookAt({});
    this.#begun.add(this.text);
    this.state = "loading";
    this.address.put();
    this.tell();
    [this.#isOne, this.#crashes] = [one, 0];
    await this.engine.call("start", this.text, one);
  }

  /** The worker has ended, and with it what was trained. */
  #beginAgain(why: string): void {
    void this.own.handAgain();
    const { started, map, state } = this;
    if (started === null || this.stored.length > 0) return;
    const underWay = this.#mapUnderWay;
    const isAgain =
      state !== "paused" && state !== "failed" && !this.#isOne && ++this.#crashes <= MOST_CRASHES;
    this.#clear([crashNote(why, isAgain)]);
    this.state = isAgain ? "loading" : "idle";
    if (isAgain) {
      [this.started, this.map, this.#mapUnderWay] = [started, map, underWay];
      void this.engine.call("start", started, false);
    }
    this.tell();
  }

  async pause(): Promise<void> {
    await this.engine.call("pause");
  }

  /** Shows nothing; what the page trains is let go. */
  async reset(): Promise<void> {
    await this.engine.call("reset");
    this.#clear();
    this.#look = newestOf(this.text);
    this.address.put();
    this.tell();
  }

  #clear(notes: readonly string[] = []): void {
    this.elsewhere?.leave();
    this.stored = [];
    this.#trained = new Trained(notes);
    this.started = null;
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
      case "cells":
        this.#mapUnderWay?.add(event.cells);
        this.round = event.round;
        break;
      case "memory":
        this.memory = event;
        break;
      case "planned":
      case "rows":
      case "ended":
      case "answer":
      case "note":
        this.#trained.add(event);
        break;
    }
    if (event.kind === "state") this.tell();
    else this.#listeners.tellInTurns();
  }
}
