// Whence an answer comes, as it is kept with its study: the report of a run that trains nothing says where and when
// its numbers were trained, so that it is the same as the first one.

import type { RecordStore } from "../records/store.ts";
import type { Provenance } from "../report/provenance.ts";

/** null where none is kept. */
export async function keptProvenance(
  store: RecordStore,
  studyId: string,
): Promise<Provenance | null> {
  const study = await store.study(studyId);
  return study?.provenance == null ? null : (JSON.parse(study.provenance) as Provenance);
}

export function keepProvenance(
  store: RecordStore,
  studyId: string,
  provenance: Provenance,
): Promise<void> {
  return store.describe(studyId, JSON.stringify(provenance));
}
