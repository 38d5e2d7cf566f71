// What the page knows of the user's own files that its study trains on.

import type { Handed } from "../data/hand.ts";
import type { Engine } from "../engine-client.ts";
import type { OwnData } from "../protocol.ts";
import { told } from "../told.ts";
import { titlesOn } from "./presets.ts";
import { valueAt } from "./schema.ts";

export class OwnFiles {
  readonly #engine: Engine;
  readonly #tell: () => void;
  #said = "";
  #seen = 0;
  /** Of the study's data set where that is a file; null where it is none. */
  data: OwnData | null = null;
  isReading = false;
  /** What is wrong with the files, in one sentence. */
  problem = "";
  /** The digest that a link tells; null where there is none, or the data set is no longer the link's. */
  linked: string | null = null;
  #linkedSaid: string | null = null;
  /** By their paths, as the worker keeps them. */
  readonly #handed = new Map<string, Handed>();

  constructor(engine: Engine, tell: () => void) {
    this.#engine = engine;
    this.#tell = tell;
  }

  get isMissing(): boolean {
    return this.data !== null && this.data.missing.length > 0;
  }

  /** Of the file that is here, or else of the one that the link is about. */
  get digest(): string | null {
    return this.data?.found?.digest ?? this.linked;
  }

  /** A link has been opened. */
  expect(digest: string | null): void {
    this.linked = digest;
    this.#linkedSaid = null;
  }

  /** Whenever the study may say something else of its data set. */
  async see(dataset: unknown): Promise<void> {
    const said = JSON.stringify(dataset) as string | undefined;
    if (said === this.#said) return;
    this.#said = said ?? "";
    this.problem = "";
    if (!namesFile(dataset)) {
      this.#seen++;
      [this.data, this.linked] = [null, null];
      this.#tell();
      return;
    }
    this.#linkedSaid ??= said ?? null;
    if (said !== this.#linkedSaid) this.linked = null;
    await this.#while(async () => {
      this.data = null;
      this.data = await this.#engine.call("ownData", dataset);
    });
  }

  /** The text that trains on these files; null where they are none to train on. */
  async take(text: string, handed: readonly Handed[]): Promise<string | null> {
    let taken: string | null = null;
    await this.#while(async () => {
      // The worker keeps them whether or not the study can be trained on them.
      for (const one of handed) this.#handed.set(one.path, one);
      taken = await this.#engine.call("take", text, handed);
      if (taken !== text) taken = await this.#titled(text, taken);
    });
    // What has been seen meanwhile was so without these files.
    this.#said = "";
    return taken;
  }

  /** What a study to begin with asks of its data set is not what the user asks of another. */
  async #titled(before: string, text: string): Promise<string> {
    const { said } = await this.#engine.call("read", text);
    let titled = text;
    for (const [path, value] of titlesOn(String(valueAt(said, ["dataset", "path"])), before))
      titled = await this.#engine.call("edit", titled, path, value);
    return titled;
  }

  /** To a worker that is another one. */
  async handAgain(): Promise<void> {
    if (this.#handed.size > 0) await this.#engine.call("keep", [...this.#handed.values()]);
  }

  /** What is seen last is told. */
  async #while(work: () => Promise<void>): Promise<void> {
    const turn = ++this.#seen;
    this.isReading = true;
    this.problem = "";
    this.#tell();
    const problem = await work().then(
      () => "",
      (error: unknown) => told(error),
    );
    if (turn !== this.#seen) return;
    [this.isReading, this.problem] = [false, problem];
    this.#tell();
  }
}

function namesFile(dataset: unknown): boolean {
  return typeof dataset === "object" && dataset !== null && "path" in dataset;
}
