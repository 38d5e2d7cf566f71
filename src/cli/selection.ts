// Which kept studies and trials a user means: a study by its name, by the beginning of its id or by the path of its file, a
// trial by the beginning of its key.

import { InputError, WidthwiseError } from "../base/errors.ts";
import type { KeptStudy, RecordStore, StudyFacts } from "../records/store.ts";
import { nearest } from "../base/nearest.ts";
import { plural } from "../base/numbers.ts";
import { quote } from "../base/quote.ts";
import type { Study } from "../study/spec.ts";
import { findStudy, isPath, withNamesAlone } from "./study-files.ts";
import { minute, short } from "./view/kept-text.ts";

export type Selected =
  | { readonly kind: "study"; readonly study: KeptStudy }
  | { readonly kind: "trial"; readonly key: string };

/** Fewer digits would name something by chance. */
const PREFIX = /^[0-9a-f]{4,64}$/;

/**
 * What a name means that several studies have: the one planned last; the one planned last of those that have an
 * answer, if any has; all of them; or it is refused.
 */
type Several = "last" | "answered" | "all" | "refused";

/**
 * What `word` means.
 * @throws InputError where it means nothing that is kept, or several things.
 */
async function select(
  store: RecordStore,
  word: string,
  several: Several,
): Promise<Selected[] | Selected> {
  const studies = await store.studies();
  const called = isPath(word)
    ? await saidBy(word, studies)
    : studies.filter(({ name }) => name === word);
  if (several === "refused" && called.length > 1)
    throw ambiguous(word, called, [], "or all of these studies by --all");
  if (several === "all" && called.length > 0)
    return Promise.all(called.map((study) => studyOf(store, study)));
  const answered = several === "answered" ? called.find(({ finished }) => finished !== null) : null;
  if (called.length > 0) return studyOf(store, answered ?? called[0]);
  const begun = PREFIX.test(word) ? studies.filter(({ id }) => id.startsWith(word)) : [];
  const keys = PREFIX.test(word) ? await store.keys(word) : [];
  if (begun.length + keys.length > 1) throw ambiguous(word, begun, keys);
  if (begun.length > 0) return studyOf(store, begun[0]);
  if (keys.length > 0) return { kind: "trial", key: keys[0] };
  const near = nearest(
    word,
    studies.map(({ name }) => name),
  );
  const advice =
    near === null
      ? "widthwise list has the studies, and show STUDY their trials"
      : `did you mean ${near}?`;
  throw new InputError(
    `${quote(word)} is no study's name or id and no trial's key in this store; ${advice}`,
  );
}

/** The studies that say what a file does, wherever it and what it names lie. Throws InputError where none does. */
async function saidBy(path: string, studies: readonly StudyFacts[]): Promise<StudyFacts[]> {
  const study = await findStudy(path);
  const said = comparable(study);
  const called = studies.filter(({ name }) => name === study.name);
  const found = called.filter((one) => comparable(JSON.parse(one.specification) as Study) === said);
  if (found.length > 0) return found;
  const others =
    called.length === 0
      ? "run it first"
      : `${plural(called.length, "other")} of the name ${study.name} ${called.length === 1 ? "is" : "are"}, as options or an edit of the file make them; name one by its id (widthwise list has them), or run the file`;
  throw new InputError(`study ${quote(path)}: what it says is not kept in this store; ${others}`);
}

/** Without where its files lie, and what they have. */
function comparable(study: Study): string {
  const { model, ...said } = withNamesAlone(study);
  const { init } = model;
  const file = typeof init === "object" && { init: { ...init, parameters: undefined } };
  return JSON.stringify({ ...said, model: { ...model, ...file } });
}

/** What each word means, in their order. */
export async function selectAll(
  store: RecordStore,
  words: readonly string[],
  several: Exclude<Several, "answered"> = "last",
): Promise<Selected[]> {
  const selected: Selected[] = [];
  for (const word of words) selected.push(...[await select(store, word, several)].flat());
  return selected;
}

/**
 * The study that a word means.
 * @throws InputError as above, and where it means a trial.
 */
export async function selectStudy(
  store: RecordStore,
  word: string,
  several: "last" | "answered" = "last",
): Promise<KeptStudy> {
  const [selected] = [await select(store, word, several)].flat();
  if (selected.kind === "study") return selected.study;
  throw new InputError(
    `${quote(word)} is a trial's key; a study's name or the beginning of its id is wanted (widthwise list has them)`,
  );
}

/** Says which study is meant, where `word` is the name of several: variants of a study share it. */
export async function tellSeveral(
  store: RecordStore,
  word: string,
  selected: Selected,
  stderr: NodeJS.WritableStream,
): Promise<void> {
  if (selected.kind !== "study") return;
  const { id, name, created } = selected.study;
  const called = (await store.studies()).filter((one) => one.name === word).length;
  if (called > 1)
    stderr.write(
      `study ${name} ${short(id)}, planned ${minute(created)} UTC, of ${called} of that name; name another one by its id (widthwise list has them)\n`,
    );
}

/** All studies, without those that are damaged, which the store tells. */
export async function allStudies(store: RecordStore): Promise<Selected[]> {
  const studies: Selected[] = [];
  for (const { id } of await store.studies()) {
    const study = await store.study(id);
    if (study !== null) studies.push({ kind: "study", study });
  }
  return studies;
}

async function studyOf(store: RecordStore, { id, name }: StudyFacts): Promise<Selected> {
  const study = await store.study(id);
  if (study !== null) return { kind: "study", study };
  throw new InputError(
    `study ${name} (${short(id)}) is damaged; run it again to have it planned anew`,
  );
}

function ambiguous(
  word: string,
  studies: readonly StudyFacts[],
  keys: readonly string[],
  more?: string,
): InputError {
  const meant = [
    ...studies.map(({ id, name }) => `study ${name} ${short(id)}`),
    ...keys.map((key) => `trial ${short(key)}`),
  ];
  const some = meant.slice(0, 4).join(", ") + (meant.length > 4 ? ", …" : "");
  return new InputError(
    `${quote(word)} means ${meant.length} things: ${some}; name one by its digits${more === undefined ? "" : `, ${more}`}`,
  );
}

/** Its damage itself is told by the store. */
export function damagedTrial(key: string): WidthwiseError {
  return new WidthwiseError(
    `trial ${short(key)} cannot be read; run a study that asks for it to have it trained again`,
  );
}
