// The server's studies and claims as the page knows them, and those of the studies that its charts show.

import { InputError } from "../../base/errors.ts";
import {
  unpackedCell,
  unpackedRows,
  type ListedClaim,
  type Listing,
  type OpenedStudy,
  type ServerEvent,
  type ToldAnswer,
  type Underway,
  type WatchedEvent,
} from "../../report/watching.ts";
import type { Engine } from "../engine-client.ts";
import { DASHES } from "../model/colors.ts";
import type { Elsewhere } from "../model/elsewhere.ts";
import type { Lab } from "../model/lab.ts";
import type { CallName, Event } from "../protocol.ts";
import { told } from "../told.ts";
import * as server from "./server-client.ts";

/** Studies that are laid over each other: as many as there are kinds of strokes. */
export const MOST_LAID = DASHES.length;

/** Trials of a study that is too large to be answered for the sake of a list. */
const MOST_TRIALS = 500;

export class Stored implements Omit<Elsewhere<Lab>, "views"> {
  readonly #lab: Lab;
  readonly #watchAnew: () => void;
  listing: Listing | null = null;
  claims: readonly ListedClaim[] | null = null;
  readonly answers = new Map<string, ToldAnswer>();
  underway: readonly Underway[] = [];
  /** What is shown, in the order of being laid. */
  opened: readonly OpenedStudy[] = [];
  /** Whether the server answers. */
  isThere = true;
  problem = "";
  #answering: Promise<unknown> = Promise.resolve();
  #opening = 0;

  constructor(lab: Lab) {
    this.#lab = lab;
    this.#watchAnew = server.watch(
      (event) => {
        this.#onEvent(event);
      },
      (isThere) => {
        this.isThere = isThere;
        if (isThere) void this.refresh();
        lab.tell();
      },
    );
  }

  get isShown(): boolean {
    return this.opened.length > 0;
  }

  get isLaid(): boolean {
    return this.opened.length > 1;
  }

  get title(): string {
    return this.opened.map((study) => this.nameOf(study)).join(" and ");
  }

  readonly results = {
    call: (async (name: CallName, asked: string) => {
      const [{ id }] = this.opened;
      if (name === "curve") return unpackedRows(await server.rows(asked));
      if (name === "report") return server.report(id);
      return name === "figures" ? server.figures(id) : server.csv(id);
    }) as Engine["call"],
  };

  isOpen(id: string): boolean {
    return this.opened.some((one) => one.id === id);
  }

  stateOf(id: string): Underway | undefined {
    return this.underway.find((one) => one.id === id);
  }

  /** Lists anew. */
  async refresh(): Promise<void> {
    await this.#told(async () => {
      this.listing = await server.listing();
      this.claims = await server.claims();
    });
  }

  /** The answers in short of what is listed, one after the other; asked for once. */
  tellAnswers(ids: readonly string[]): void {
    for (const id of ids) {
      const listed = this.listing?.studies.find((one) => one.id === id);
      if (listed?.finished == null || listed.trials > MOST_TRIALS || this.answers.has(id)) continue;
      this.answers.set(id, { sentences: [], verdict: null });
      this.#answering = this.#answering.then(() =>
        server.answer(id).then(
          (answer) => {
            this.answers.set(id, answer);
            this.#lab.tell();
          },
          (error: unknown) => {
            this.answers.set(id, { sentences: [told(error)], verdict: null });
            this.#lab.tell();
          },
        ),
      );
    }
  }

  async open(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) {
      await this.#lab.reset();
      return;
    }
    const opening = ++this.#opening;
    await this.#asked(async () => {
      const opened = await Promise.all(ids.slice(0, MOST_LAID).map(server.study));
      const map = opened.find(({ isMap }) => isMap);
      if (map !== undefined && opened.length > 1)
        throw new InputError(`${map.name} is a map, which is not laid over others; open it alone`);
      const isShown = this.opened.map(({ id }) => id).join() === ids.join();
      if (!isShown) await this.#lab.engine.call("reset");
      if (opening !== this.#opening) return;
      const shown =
        isShown ||
        this.#lab.show(
          opened[0].text,
          opened.map(({ id }) => id),
          opened[0].digest,
        );
      this.opened = opened;
      await shown;
      for (const study of opened) for (const event of study.events) this.#pass(study, event);
      this.#tellAnswer();
      // What was told of it before it was open is in no store yet.
      if (opened.some(({ id }) => this.stateOf(id) !== undefined)) this.#watchAnew();
    });
    this.#tellState();
  }

  leave(): void {
    this.#opening++;
    this.opened = [];
  }

  /** Has the page's study trained by the server, and shows it. */
  async start(): Promise<void> {
    await this.#asked(async () => {
      const { id } = await server.change("studies", this.#lab.text);
      await this.open([id]);
    });
  }

  async goOn(id: string): Promise<void> {
    await this.#asked(() => server.change(`studies/${id}/go-on`));
  }

  async stop(id: string): Promise<void> {
    await this.#asked(() => server.change(`studies/${id}/stop`));
  }

  /** What was told of what was asked for before is over. */
  async #asked(work: () => Promise<unknown>): Promise<void> {
    this.problem = "";
    await this.#told(work);
  }

  async #told(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.problem = told(error);
    }
    this.#lab.tell();
  }

  #onEvent(event: ServerEvent): void {
    if (event.kind === "study") {
      const opened = this.opened.find(({ id }) => id === event.id);
      if (opened !== undefined) this.#pass(opened, event.event);
      return;
    }
    const before = this.underway;
    this.underway = event.studies;
    const hasEnded = before.filter(({ id }) => this.stateOf(id) === undefined);
    if (hasEnded.length > 0 || event.studies.length !== before.length) void this.refresh();
    if (hasEnded.some(({ id }) => this.isOpen(id))) void this.open(this.opened.map(({ id }) => id));
    this.#tellState();
  }

  /** An event of a study of the server's as one of the page's own, whose keys are the study's. */
  #pass(study: OpenedStudy, event: WatchedEvent): void {
    for (const made of this.#translated(study, event)) this.#lab.receive(made);
  }

  #translated(study: OpenedStudy, event: WatchedEvent): Event[] {
    const keyOf = (key: string) => `${study.id}/${key}`;
    const { trials } = this.#lab;
    switch (event.kind) {
      case "planned": {
        // How a rate was searched is nothing to those who compare.
        const planned = [...event.trials].filter(({ role }) => !this.isLaid || role !== "search");
        const laid = this.isLaid && { study: { name: this.nameOf(study), ...this.#place(study) } };
        return [
          {
            kind: "planned",
            trials: planned.map((trial) => ({ ...trial, ...laid, key: keyOf(trial.key) })),
          },
        ];
      }
      case "rows": {
        const all = event.all.flatMap((packed) => {
          const key = keyOf(packed.key);
          const known = trials.get(key);
          const last = known?.rows.at(-1)?.pass ?? -1;
          const rows = unpackedRows(packed).filter(({ pass }) => pass > last);
          return known === undefined || rows.length === 0 ? [] : [{ key, rows }];
        });
        return [{ kind: "rows", all }];
      }
      case "cells": {
        const cells = event.cells.map(unpackedCell).map(({ trials, ...cell }) => ({
          ...cell,
          trials: trials.map((trial) => ({ ...trial, key: keyOf(trial.key) })),
        }));
        return [{ ...event, cells }];
      }
      case "ended":
        return trials.has(keyOf(event.key)) ? [{ ...event, key: keyOf(event.key) }] : [];
    }
  }

  /** Told apart where several have the same name. */
  nameOf({ id, name }: OpenedStudy): string {
    const isOne = this.opened.filter((one) => one.name === name).length === 1;
    return isOne ? name : `${name} ${id.slice(0, 6)}`;
  }

  #place({ id }: OpenedStudy): { readonly place: number } {
    return { place: this.opened.findIndex((one) => one.id === id) };
  }

  /** Of several the first sentences, each of which says whose it is. */
  #tellAnswer(): void {
    const told = this.opened.filter(({ answer }) => answer !== null);
    if (told.length === 0) return;
    const sentences = told.flatMap((study) => {
      const { sentences = [] } = study.answer ?? {};
      if (!this.isLaid) return sentences;
      return sentences.slice(0, 1).map((sentence) => `${this.nameOf(study)}: ${sentence}`);
    });
    const [{ id, fingerprint }] = told;
    const answer = { sentences, id, fingerprint: this.isLaid ? "" : (fingerprint ?? "") };
    this.#lab.receive({ kind: "answer", answer });
  }

  #tellState(): void {
    if (!this.isShown) return;
    const states = this.opened.map(({ id }) => this.stateOf(id)?.state);
    const isTrained = states.some((state) => state === "training" || state === "waiting");
    const isWhole = this.opened.every(({ finished }) => finished !== null);
    const state = isTrained ? "running" : isWhole ? "done" : "paused";
    this.#lab.receive({ kind: "state", state, message: "" });
  }
}
