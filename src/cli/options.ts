// Reads the values of options. The rules for widths, passes and seeds are the study's own (study/language/schema.ts).

import { availableParallelism } from "node:os";
import { Option } from "commander";
import type * as z from "zod";
import { parse } from "yaml";
import { InputError } from "../base/errors.ts";
import { commaHint } from "../base/fields.ts";
import { quote } from "../base/quote.ts";
import type { Change } from "../base/yaml.ts";
import { passes } from "../study/language/passes.ts";
import * as schema from "../study/language/schema.ts";
import { placeOf } from "../study/language/sections.ts";
import { learningRate } from "../study/language/training.ts";
import { widths } from "../study/language/width.ts";
import type { Shard } from "../study/shards/deal.ts";
import type { Study } from "../study/spec.ts";

const MAX_WORKERS = 1024;

/** What figures are drawn for. */
export type Size = "paper" | "slide";

export const SIZE_OPTION = new Option(
  "--size <size>",
  "draw the figures' files for a page or a talk",
)
  .choices(["paper", "slide"] satisfies Size[])
  .default("paper" satisfies Size);

/** What `--force` says of itself in the help of every command that writes files. */
export const FORCE_OPTION = [
  "--force",
  "replace files in the way that widthwise did not write",
] as const;

/** `8,16,32` */
export function parseWidths(text: string): number[] {
  return check("--widths", widths, text.split(",").map(numberOrText));
}

/** `0..9` or `0,3,5` */
export function parseSeeds(text: string): number[] {
  const value = text.includes("..") ? text : text.split(",").map(numberOrText);
  return check("--seeds", schema.seeds, value);
}

/** A number or "eta_star / 2". */
export function parseLearningRate(text: string): Study["training"]["learning_rate"] {
  return check("--learning-rate", learningRate, numberOrText(text));
}

/** `dataset.fraction=0.2`: any path of a study, as messages write it, and its value in YAML; several add up. */
export function parseSet(text: string, before: readonly Change[] = []): readonly Change[] {
  const [, path = "", yaml = ""] = /^([^=\s]+)=(.*)$/s.exec(text) ?? [];
  const place = placeOf(path);
  if (place.length === 0)
    throw new InputError(
      `--set: expected a path and its value, such as dataset.fraction=0.2, got ${quote(text)}`,
    );
  const option = `--set ${path}`;
  const value = yamlValue(option, yaml);
  return [...before, { option, path: place, value: () => value }];
}

function yamlValue(option: string, text: string): unknown {
  try {
    return parse(text, { prettyErrors: false, maxAliasCount: 0 });
  } catch (cause) {
    throw new InputError(`${option}: expected a value in YAML, got ${quote(text)}`, { cause });
  }
}

export function parsePasses(text: string): number {
  return check("--passes", passes, numberOrText(text));
}

export function parseWorkers(text: string): number {
  return parseCount("--workers", text, MAX_WORKERS);
}

const MAX_SHARDS = 100_000;

/** `3/64` */
export function parseShard(text: string): Shard {
  const [, index, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text.trim())?.map(Number) ?? [];
  if (index >= 1 && index <= of && of <= MAX_SHARDS) return { index, of };
  throw new InputError(
    `--shard: expected i/n with i from 1 to n, such as 3/64, got ${quote(text)}`,
  );
}

export function parseShards(text: string): number {
  return parseCount("--shards", text, MAX_SHARDS);
}

/** `1%`, or `0.5%`: as a share. */
export function parseShare(text: string): number {
  const [, digits] = /^(\d{1,3}(?:\.\d{1,9})?)%$/.exec(text.trim()) ?? [];
  const share = Number(digits) / 100;
  if (share > 0 && share <= 1) return share;
  throw new InputError(`--verify: expected a share of the trials such as 1%, got ${quote(text)}`);
}

/** At most eight for each processor: more take memory, and wait for each other. Says so where it takes fewer. */
export function allowedWorkers(asked: number, stderr: NodeJS.WritableStream): number {
  const most = 8 * availableParallelism();
  if (asked <= most) return asked;
  stderr.write(`--workers ${asked}: ${most} are started, eight for each processor\n`);
  return most;
}

/** An integer from 1 to `limit`. */
export function parseCount(option: string, text: string, limit: number): number {
  const value = numberOrText(text);
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= limit) {
    return value;
  }
  throw new InputError(
    `${option}: expected an integer from 1 to ${limit}, got ${quote(text)}${commaHint(text)}`,
  );
}

/** Worker threads where the user asks for no number: one for each processor that this process may use. */
export function defaultWorkers(): number {
  return Math.min(availableParallelism(), MAX_WORKERS);
}

function check<Value>(option: string, rule: z.ZodType<Value>, value: unknown): Value {
  const result = rule.safeParse(value);
  if (result.success) return result.data;
  throw new InputError(`${option}: ${result.error.issues[0].message}`);
}

function numberOrText(text: string): number | string {
  const word = text.trim();
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(word) ? Number(word) : word;
}
