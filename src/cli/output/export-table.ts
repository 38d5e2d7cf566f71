// Trajectories of kept trials as one table, to a file or to stdout.

import { once } from "node:events";
import { sha256 } from "../../base/sha256.node.ts";
import type { ExportedTrial } from "../../export/table.ts";
import { measuredColumns } from "../../records/measured.ts";
import type { RecordStore } from "../../records/store.ts";
import type { Context } from "../context.ts";
import { foundOf, type Exported, type WantedTrial } from "./exported.ts";
import { claimFile, type ClaimOptions } from "./output-file.ts";

export const TABLE_FORMATS = ["csv", "json", "parquet"] as const;

export type TableFormat = (typeof TABLE_FORMATS)[number];

export async function writeTable(
  store: RecordStore,
  wanted: readonly WantedTrial[],
  format: TableFormat,
  out: string | undefined,
  claim: ClaimOptions,
  { stdout, signal }: Context,
): Promise<Exported> {
  const { axisColumns, columnsOf } = await import("../../export/table.ts");
  const measured = new Set<string>();
  for (const one of wanted)
    for (const column of (await exportedTrial(store, one))?.measured?.keys() ?? [])
      measured.add(column);
  const columns = [...columnsOf(measured), ...axisColumns(wanted.map(({ point }) => point))];
  const writer = (await import("../../export/formats.ts")).TABLES[format](columns);
  let rows = 0;
  let trials = 0;
  async function* pieces(): AsyncGenerator<string | Uint8Array> {
    for (const one of wanted) {
      signal.throwIfAborted();
      const trial = await exportedTrial(store, one);
      if (trial === null) continue;
      trials++;
      rows += trial.record.trajectory.length;
      yield writer.add(trial);
    }
    yield writer.end();
  }
  if (out !== undefined) await (await claimFile("--out", out, claim))(pieces());
  else for await (const piece of pieces()) await written(stdout, piece, signal);
  return { trials, rows };
}

/** null where it is damaged, which the store tells. */
async function exportedTrial(
  store: RecordStore,
  wanted: WantedTrial,
): Promise<ExportedTrial | null> {
  const { facts, point } = wanted;
  const found = await foundOf(store, wanted);
  if (found === null) return null;
  const { record, outcome } = found;
  const studies = [
    ...new Set((await store.studiesUsing(facts.key)).map(({ study }) => study.name)),
  ];
  const ending = outcome === "unfinished" ? null : record.ending;
  const stopped = outcome === "stopped" && { stopped: true as const };
  const measured = measuredColumns(record, await store.measurements(facts.key), sha256);
  return { point, studies, measured, ...stopped, record: { ...record, ending } };
}

/** Waits where the reader is slower than the store, unless it goes. */
async function written(
  stream: NodeJS.WritableStream,
  piece: string | Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  if (stream.write(piece)) return;
  try {
    await once(stream, "drain", { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
