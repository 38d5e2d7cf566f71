// Whence an answer comes, as it is kept with its study: the report of a run that trains nothing says where and when
// its numbers were trained, so that it is the same as the first one.

import type { RecordStore } from "../records/store.ts";
import type { Provenance } from "../report/provenance.ts";

/** All but what depends on the folder that the report is written to. */
export type KeptProvenance = Omit<Provenance, "readme">;

/** null where none is kept. */
export async function keptProvenance(
  store: RecordStore,
  studyId: string,
): Promise<KeptProvenance | null> {
  const study = await store.study(studyId);
  return study?.provenance == null ? null : (JSON.parse(study.provenance) as KeptProvenance);
}

export function keepProvenance(
  store: RecordStore,
  studyId: string,
  provenance: KeptProvenance,
): Promise<void> {
  return store.describe(studyId, JSON.stringify(provenance));
}
