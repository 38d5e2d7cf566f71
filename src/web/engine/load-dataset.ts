// A study's data set in a browser: made from its settings, put together from files that lie beside the page, or read from
// the user's own.

import { WidthwiseError } from "../../base/errors.ts";
import type { Dataset } from "../../data/dataset.ts";
import { assembleDataset, type IdxContent } from "../../data/formats/idx-dataset.ts";
import { digestedDataset } from "../../data/make-dataset.ts";
import { datasetEntry, type DataSource } from "../../data/sets/set.ts";
import { DATASETS } from "../../data/sets/table.ts";
import { hex } from "../../base/sha256.ts";
import { pause } from "../../pool/web/pause.ts";
import { digestOf, hash, sha256 } from "../../pool/web/sha256.ts";
import { once } from "./once.ts";
import { HAND } from "./own-data.ts";

export async function loadDataset(source: DataSource): Promise<Dataset> {
  if (source.path !== undefined) return HAND.load(source);
  const entry = datasetEntry(DATASETS, source.name);
  if ("files" in entry) return loadPublished(source.name);
  const made = await entry.generate(source, { sha256, pause });
  return digestedDataset({ name: source.name, ...made }, hash, sha256);
}

/** Of this name, whose files lie in a folder of the same name beside this script, as .gz. */
export const loadPublished = once(async (name) => {
  const entry = datasetEntry(DATASETS, name);
  if (!("files" in entry)) throw new Error(`${name} is not published`);
  const { title } = entry.files;
  const contents = await Promise.all(
    entry.files.files.map(async (file): Promise<[string, IdxContent]> => {
      const response = await fetch(new URL(`${name}/${file.name}.gz`, import.meta.url));
      if (!response.ok || response.body === null)
        throw new WidthwiseError(
          `${title} does not lie beside this page; drop its four files here, open the lab with widthwise lab, or choose a data set that is made`,
        );
      const unpacked = response.body.pipeThrough(new DecompressionStream("gzip"));
      const bytes = new Uint8Array(await new Response(unpacked).arrayBuffer());
      const digest = await digestOf(bytes);
      if (hex(digest) !== file.sha256)
        throw new WidthwiseError(
          `${file.name}.gz beside this page is not ${title}'s; place it anew`,
        );
      return [file.name, { name: file.name, bytes, digest }];
    }),
  );
  return assembleDataset(entry.files, new Map(contents), sha256);
});
