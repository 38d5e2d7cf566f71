// What it is to be a data set that studies can name: published files, or a function that makes it.

import * as z from "zod";
import { InputError } from "../../base/errors.ts";
import type { Named } from "../../base/fields.ts";
import { nearest } from "../../base/nearest.ts";
import { quote } from "../../base/quote.ts";
import type { Sha256 } from "../../base/sha256.ts";
import type { Undigested } from "../digest.ts";
import type { IdxDataset } from "../formats/idx-dataset.ts";
import type { TestShare } from "../split-off.ts";

export interface GenerationContext {
  readonly sha256: Sha256;
  /** Awaited every now and then by what takes long; rejects where the user has had enough. */
  readonly pause: () => Promise<void>;
}

/** Makes a data set's numbers; who asks for them gives them a name and a digest. */
type Generate<Settings> = (
  settings: Settings,
  context: GenerationContext,
) => Undigested | Promise<Undigested>;

export interface Published {
  /** Fields that a study may give beside those of every data set. */
  readonly settings: z.ZodRawShape;
  readonly files: IdxDataset;
}

export interface Generated {
  readonly settings: z.ZodRawShape;
  /** Of the study's data set, with these settings among its fields or left to their defaults. */
  readonly generate: Generate<Named>;
}

export type DatasetEntry = Published | Generated;

/** The user's own file or folder. */
export interface OwnFile {
  readonly path: string;
  /** Column of the labels in a CSV file. */
  readonly label?: string | undefined;
  /** A second CSV file, or the share of the one file that becomes the test set. */
  readonly test?: string | TestShare | undefined;
}

/** Where a data set comes from: an entry of the catalogue with its settings, or a file. */
export type DataSource =
  (Named & { readonly path?: never }) | (OwnFile & { readonly name?: never });

/** By name. */
export type Datasets = Readonly<Record<string, DatasetEntry>>;

/** A data set that is loaded from its published files. */
export function published(files: IdxDataset): Published {
  return { settings: {}, files };
}

/** A data set that is made from its settings: the same ones give the same bits on every machine. */
export function generated<Settings extends z.ZodRawShape>(
  settings: Settings,
  make: Generate<z.output<z.ZodObject<Settings>>>,
): Generated {
  const own = z.object(settings);
  const generate: Generate<Named> = (named, context) => {
    const parsed = own.safeParse(named);
    if (parsed.success) return make(parsed.data, context);
    const [{ path, message }] = parsed.error.issues;
    throw new InputError(`data set ${named.name}: ${path.join(".")}: ${message}`);
  };
  return { settings, generate };
}

/** Throws InputError where no data set has this name. */
export function datasetEntry(datasets: Datasets, name: string): DatasetEntry {
  if (Object.hasOwn(datasets, name)) return datasets[name];
  const names = Object.keys(datasets);
  const near = nearest(name, names);
  const advice = near === null ? `expected ${names.join(" or ")}` : `did you mean ${near}?`;
  throw new InputError(`unknown data set ${quote(name)}; ${advice}`);
}
