// Weights of kept trials, a file for each, with the mean and deviation of their inputs.

import { join } from "node:path";
import { InputError, WidthwiseError } from "../../base/errors.ts";
import { makeFolder } from "../../base/make-folder.node.ts";
import { sha256 } from "../../base/sha256.node.ts";
import type { Dataset } from "../../data/dataset.ts";
import type { DataSource } from "../../data/sets/set.ts";
import { predictionsAt } from "../../records/measured.ts";
import { evaluationOf, lastPass } from "../../records/record.ts";
import type { RecordStore } from "../../records/store.ts";
import type { Provenance } from "../../report/provenance.ts";
import type { Context } from "../context.ts";
import { loadKept, sourcesOfStudies } from "../data.ts";
import { short, trainedOnAnother } from "../view/kept-text.ts";
import { foundOf, type Exported, type WantedTrial } from "./exported.ts";
import { claimFile, type ClaimOptions, type WriteFile } from "./output-file.ts";
import { refuseDanglingLink } from "./own-files.ts";
import { pathProblem } from "./path-problem.ts";

export const WEIGHTS_FORMATS = ["npz", "safetensors"] as const;

export type WeightsFormat = (typeof WEIGHTS_FORMATS)[number];

/** A data set, on which the mean and deviation of the networks' inputs depend. */
async function loadForWeights(
  digest: string,
  sources: readonly DataSource[] | undefined,
  directory: string | undefined,
  context: Context,
): Promise<Dataset> {
  try {
    return await loadKept(digest, sources, directory, context);
  } catch (error) {
    if (!(error instanceof WidthwiseError) || error instanceof InputError) throw error;
    throw new WidthwiseError(
      `weights are exported with the mean and deviation of their inputs, but ${error.message}`,
      { cause: error },
    );
  }
}

export async function writeWeights(
  store: RecordStore,
  wanted: readonly WantedTrial[],
  {
    format,
    out,
    data,
    store: named,
  }: { format: WeightsFormat; out: string; data?: string; store?: string },
  claim: ClaimOptions,
  context: Context,
): Promise<Exported> {
  const { stderr, signal } = context;
  const { WEIGHTS: WEIGHTS_FILES } = await import("../../export/formats.ts");
  const { standardization } = await import("../../training/standardization.ts");
  await refuseDanglingLink("--out", out);
  const sources = await sourcesOfStudies(store);
  const digests = new Set(wanted.map(({ facts }) => facts.specification.data.dataset));
  const datasets = new Map<string, Dataset>();
  for (const digest of digests) {
    const dataset = await loadForWeights(digest, sources.get(digest), data, context);
    datasets.set(dataset.digest, dataset);
  }
  try {
    makeFolder(out);
  } catch (error) {
    throw pathProblem("--out", out, "folder", error);
  }
  const nameOf = ({ facts, point: { values, seed } }: WantedTrial) =>
    [
      ...Object.entries(values).map(([axis, value]) => `${axis}${value}`),
      ...(seed === null ? [] : [`seed${seed}`]),
      `${short(facts.key)}.${format}`,
    ].join("-");
  // All of them before the first is written.
  const places: { one: WantedTrial; name: string; write: WriteFile }[] = [];
  for (const one of wanted) {
    const name = nameOf(one);
    places.push({ one, name, write: await claimFile("--out", join(out, name), claim) });
  }
  const files: string[] = [];
  const problems: string[] = [];
  const runs = new Set<string>();
  for (const { one, name, write } of places) {
    const { facts } = one;
    signal.throwIfAborted();
    const { key, specification } = facts;
    const record = (await foundOf(store, one))?.record ?? null;
    const passes = record === null ? facts.passes : lastPass(record);
    const parameters = await store.parameters(key, passes);
    if (parameters === null || record === null) {
      problems.push(`trial ${short(key)}: no weights are kept after pass ${passes}`);
      for (const run of await runsFor(store, key, passes))
        runs.add(named === undefined ? run : `${run} --store ${named}`);
      continue;
    }
    const dataset = datasets.get(specification.data.dataset);
    if (dataset === undefined) {
      problems.push(`trial ${short(key)}: ${trainedOnAnother(specification)}`);
      continue;
    }
    const inputs = standardization(specification, dataset, sha256);
    const row = evaluationOf(record, passes);
    const metadata = { key, fingerprint: row.fingerprint, passes: String(passes) };
    const predictions = predictionsAt(row, await store.measurements(key), sha256);
    await write(WEIGHTS_FILES[format](parameters, inputs, { metadata, predictions }));
    files.push(name);
  }
  if (runs.size > 0) problems.push(`to have them: ${[...runs].join("; ")}`);
  if (files.length === 0) throw new WidthwiseError(problems.join("\n"));
  for (const problem of problems) stderr.write(`${problem}\n`);
  return { trials: files.length, files };
}

/** What makes a trial's weights after `pass` passes: commands, or what stands for them where none is known. */
async function runsFor(store: RecordStore, key: string, pass: number): Promise<string[]> {
  const studiesUsing = (await store.studiesUsing(key)).filter(
    ({ trial: { passes, stop } }) => passes === pass || (stop !== undefined && pass < passes),
  );
  return studiesUsing.map(({ study: { name, id, provenance } }) => {
    const command = provenance === null ? null : (JSON.parse(provenance) as Provenance).command;
    return command === null
      ? `run study ${name} ${short(id)} again with --fresh`
      : `${command} --fresh`;
  });
}
