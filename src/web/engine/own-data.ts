// The user's own files in the worker that runs studies: what they have, and the study that trains on them.

import { isMapping } from "../../base/fields.ts";
import type { OwnFile } from "../../data/sets/set.ts";
import { DATASETS } from "../../data/sets/table.ts";
import { dataset, type WrittenDataset } from "../../study/language/dataset.ts";
import { Hand, pathsOf, sourceOf, type Handed } from "../data/hand.ts";
import { lastOf } from "../data/page-files.ts";
import type { OwnData } from "../protocol.ts";
import { edit, read } from "./reading.ts";

export const HAND = new Hand();

/** The text that trains on these files: as it was where it does already. */
export async function take(text: string, handed: readonly Handed[]): Promise<string> {
  const { said } = await read(text);
  const wanted = ownFileOf(said?.dataset);
  const names = new Set(wanted === null ? [] : pathsOf(wanted).map(lastOf));
  if (handed.some(({ path }) => path.split("/").some((part) => names.has(part)))) {
    HAND.keep(handed);
    return text;
  }
  const source = await sourceOf(handed);
  HAND.keep(handed);
  const { train } = await HAND.load(source);
  const { examples, label_noise } = isMapping(said?.dataset) ? said.dataset : {};
  const isEnough = typeof examples === "number" && examples <= train.examples;
  return edit(text, ["dataset"], {
    ...source,
    ...(isEnough && { examples }),
    ...(label_noise !== undefined && { label_noise }),
  });
}

/** null where what is said of the data set names no file. */
export async function ownData(said: unknown): Promise<OwnData | null> {
  const source = ownFileOf(said);
  if (source === null) return null;
  const missing = HAND.missing(source);
  if (missing.length > 0) return { missing, found: null };
  const { digest, classes, classNames, train, test } = await HAND.load(source);
  const sizes = { size: train.size, train: train.examples, test: test.examples };
  return { missing, found: { digest, classes, ...(classNames && { classNames }), ...sizes } };
}

function ownFileOf(said: unknown): OwnFile | null {
  const { data } = dataset(DATASETS).safeParse(said) as { data?: WrittenDataset };
  return data?.path === undefined ? null : data;
}
