// Shards into a store: what each keeps of studies and trials, checked row by row, and never changed. What two of them
// have in common is kept once; what differs in a bit is told.

import { statSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { WidthwiseError } from "../../base/errors.ts";
import type { Sha256 } from "../../base/sha256.ts";
import { givenDigest } from "../../model/initializations/initialization.ts";
import { grownPlan } from "../plan.ts";
import type { KeptStudy, StudyTrial } from "../store.ts";
import { firstDifferenceOf, union, unsound, type TrialCopy } from "../trial-copy.ts";
import { claimedTrials } from "./claims.node.ts";
import { Damage, DamageReport } from "./damage.ts";
import { GivenTable } from "./given-table.node.ts";
import { StoreFile } from "./store-file.node.ts";
import { StudyTable, type CheckedPlans } from "./study-table.node.ts";
import { Totals } from "./totals.node.ts";
import { TrialTable } from "./trial-table.node.ts";

/** Trials that are committed together. */
const BATCH = 1000;

/** Trials, and bytes of a file, that are read together. */
const MOST_AT_ONCE = 100;
const BYTES_AT_ONCE = 32e6;

/** A shard of which nothing more is taken, since it is damaged or no store. */
export class RefusedShard extends WidthwiseError {
  override name = "RefusedShard";
}

/** What a store had of a shard's. */
export interface MergedShard {
  readonly trials: number;
  /** Trials that are kept now, or further than before. */
  readonly added: number;
  /** What is damaged or differs and is not taken, a sentence each. */
  readonly problems: readonly string[];
}

interface Tables {
  readonly file: StoreFile;
  readonly trials: TrialTable;
  readonly studies: StudyTable;
  readonly given: GivenTable;
  readonly totals: Totals;
}

function tablesOf(
  file: StoreFile,
  { sha256, onDamage }: Pick<MergeOptions, "sha256" | "onDamage">,
  checked?: CheckedPlans,
): Tables {
  const damages = new DamageReport(file.path, onDamage);
  const totals = new Totals(file);
  return {
    file,
    totals,
    trials: new TrialTable(file, sha256, totals),
    studies: new StudyTable(file, sha256, damages, totals, checked),
    given: new GivenTable(file, sha256, damages),
  };
}

export interface MergeOptions {
  readonly sha256: Sha256;
  /** Told of what is damaged in the store itself. */
  readonly onDamage: (message: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Takes shards into a store, one after the other. */
export class Merging {
  readonly #main: Tables;
  readonly #options: MergeOptions;
  /** Whence trials have come, by key. */
  readonly #origins = new Map<string, string>();
  /** Of shards. */
  readonly #checked: CheckedPlans = new Map();
  /** Plans that the store has by now, by study. */
  readonly #plans = new Map<string, readonly StudyTrial[]>();

  /** Opens or makes the store at `path`; StoreFile.open says what it throws. */
  constructor(path: string, options: MergeOptions) {
    this.#main = tablesOf(StoreFile.open(path), options);
    this.#options = options;
  }

  /**
   * Takes what the store has not of a shard's plans, given parameters and trials, each that is sound: what is damaged
   * or differs is told. `examine` is called before, and may refuse the shard. Throws RefusedShard where its file is damaged or
   * no store; what was committed before stays.
   */
  async take(path: string, examine?: () => Promise<void>): Promise<MergedShard> {
    const refuse = (what: string): never => {
      throw new RefusedShard(`${path}: ${what.replace(`store ${path}: `, "")}; it is refused`);
    };
    const ofShard = <Found>(read: () => Found): Found => {
      try {
        return read();
      } catch (error) {
        if (error instanceof WidthwiseError) refuse(error.message);
        throw error;
      }
    };
    if (isSameFile(path, this.#main.file.real)) refuse("it is the store itself");
    const file = ofShard(() => StoreFile.openUntouched(path));
    try {
      const { sha256 } = this.#options;
      const problems: string[] = [];
      const onDamage = (what: string) => problems.push(what.replace("store ", ""));
      const shard = tablesOf(file, { sha256, onDamage }, this.#checked);
      const { studies, keys, given } = ofShard(() => file.reading(() => beside(shard, problems)));
      await examine?.();
      problems.push(...this.#takePlans(path, studies, given));
      const atOnce = Math.ceil(Math.min(MOST_AT_ONCE, BYTES_AT_ONCE / (file.bytes / keys.length)));
      let added = 0;
      for (const batch of inChunks(keys, BATCH)) {
        await setImmediate();
        this.#options.signal?.throwIfAborted();
        const taken = this.#takeTrials(inChunks(batch, atOnce), path, (chunk) =>
          ofShard(() => file.reading(() => checkedCopies(shard, chunk, sha256))),
        );
        added += taken.added;
        problems.push(...taken.problems);
      }
      return { trials: keys.length, added, problems };
    } finally {
      file.close();
    }
  }

  close(): void {
    this.#main.file.close();
  }

  /** First, so that nobody takes the trials for ones that no study asks for. */
  #takePlans(path: string, studies: readonly KeptStudy[], given: Given): string[] {
    const main = this.#main;
    return main.file.transaction(() => {
      const problems = studies.flatMap((study) => {
        const { id, name, trials } = study;
        const kept = this.#plans.get(id) ?? main.studies.study(id)?.trials ?? [];
        const isMore = grownPlan(trials, kept) === trials;
        const isLess = grownPlan(kept, trials) === kept;
        if (isMore && (!isLess || kept.length === 0)) main.studies.plan(study, 0);
        this.#plans.set(id, isMore ? trials : kept);
        const problem = `${path}: its plan of study ${name} is another one than that of ${main.file.path}`;
        return isMore || isLess ? [] : [problem];
      });
      for (const [digest, bytes] of given) main.given.keep(digest, bytes);
      return problems;
    });
  }

  #takeTrials(
    chunks: readonly (readonly string[])[],
    path: string,
    read: (keys: readonly string[]) => ReadonlyMap<string, TrialCopy | Damage>,
  ): Pick<MergedShard, "added" | "problems"> {
    const { file, trials } = this.#main;
    const problems: string[] = [];
    const added: string[] = [];
    file.transaction(() => {
      const underWay = claimedTrials(file.real, chunks.flat());
      for (const chunk of chunks) {
        const kept = trials.copies(chunk);
        const gained = [...read(chunk)].flatMap(([key, copy]) => {
          const problem = (what: string) => {
            problems.push(`${path}: trial ${key.slice(0, 12)} ${what}`);
            return [];
          };
          if (copy instanceof Damage)
            return problem(
              `is not taken, since ${copy.message}; run its shard again, or the study`,
            );
          const before = kept.get(key);
          // The place of what is damaged a sound one takes.
          const isKept = before !== undefined && !(before instanceof Damage);
          const pass = isKept ? firstDifferenceOf(before, copy) : null;
          const other = this.#origins.get(key) ?? file.path;
          if (pass !== null)
            return problem(
              `differs from pass ${pass} on from that of ${other}, which stays as it is in ${file.path}; widthwise verify tells whether it is right`,
            );
          const whole = isKept ? union(before, copy, () => trials.asked(key)) : copy;
          if (whole === null) return [];
          if (underWay.has(key))
            return problem("is being trained now; merge again when that has ended");
          return [whole];
        });
        if (gained.length > 0) trials.adopt(gained);
        added.push(...gained.map(({ key }) => key));
      }
    });
    for (const key of added) this.#origins.set(key, path);
    return { added: added.length, problems };
  }
}

type Given = readonly (readonly [digest: string, parameters: Uint8Array])[];

/** What a shard keeps beside its trials, and their keys; what is gone is told. Throws WidthwiseError where its file is damaged. */
function beside({ file, studies, totals, given, trials }: Tables, problems: string[]) {
  if (!file.isWhole) throw new WidthwiseError("its file is damaged or cut off");
  problems.push(...totals.gaps().map((gap) => gap.replace("store ", "")));
  return {
    studies: studies
      .all()
      .reverse()
      .flatMap(({ id }) => studies.study(id) ?? []),
    given: given.digests().flatMap((digest): Given => {
      const bytes = given.get(digest);
      return bytes === null ? [] : [[digest, bytes]];
    }),
    keys: trials.keys(),
  };
}

/** Each with what of it is not as its chain says, if anything is. */
function checkedCopies(
  { trials, given }: Tables,
  keys: readonly string[],
  sha256: Sha256,
): ReadonlyMap<string, TrialCopy | Damage> {
  const copies = trials.copies(keys);
  const checked = (copy: TrialCopy | Damage = new Damage("its row")) => {
    if (copy instanceof Damage) return copy;
    const digest = givenDigest(copy.specification.model);
    const isLost = digest !== null && given.get(digest) === null;
    const what = isLost ? "what it begins with" : unsound(copy, sha256);
    return what === null ? copy : new Damage(what);
  };
  return new Map(keys.map((key) => [key, checked(copies.get(key))]));
}

function inChunks<Item>(items: readonly Item[], size: number): (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, chunk) =>
    items.slice(chunk * size, (chunk + 1) * size),
  );
}

function isSameFile(a: string, b: string): boolean {
  const [one, other] = [a, b].map((path) => statSync(path, { throwIfNoEntry: false }));
  return one?.ino === other?.ino && one?.dev === other?.dev;
}
