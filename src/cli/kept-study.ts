// Which kept study a user means: by its name, or by the beginning of its id.

import { InputError } from "../errors.ts";
import type { KeptStudy, RecordStore } from "../records/store.ts";
import { quote } from "../quote.ts";

/**
 * Of several studies of that name the one planned last.
 * @throws InputError where none is kept, or its row is damaged.
 */
export async function findKeptStudy(store: RecordStore, word: string): Promise<KeptStudy> {
  const studies = await store.studies();
  const isId = /^[0-9a-f]{4,64}$/.test(word);
  const found =
    studies.find(({ name }) => name === word) ??
    studies.find(({ id }) => isId && id.startsWith(word));
  const study = found === undefined ? null : await store.study(found.id);
  if (study !== null) return study;
  const names = [...new Set(studies.map(({ name }) => name))].slice(0, 5).join(", ");
  throw new InputError(
    `study ${quote(word)} is not kept in this store (${names === "" ? "which has none" : `it has ${names}`}): run it first, or name its id`,
  );
}
