// Whence an answer comes, as it is kept with its study: the report of a run that trains nothing says where and when
// its numbers were trained, so that it is the same as the first one.

import type { KeptStudy, RecordStore } from "../records/store.ts";
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

/** Of a study that was answered by a program which keeps no more than the answer. */
export function unknownProvenance({ name, dataset }: KeptStudy): Provenance {
  const origin = "a place that is not known";
  return {
    versions: { widthwise: "not known: another program ran it with the library" },
    seconds: {},
    command: `widthwise run ./${name}.yaml  # the specification below, saved as that file`,
    dataset: { name: dataset.name, digest: dataset.digest, origin },
  };
}
