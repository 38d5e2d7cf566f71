import { expect, test } from "vitest";
import { poolOfRecords } from "../../../test/support/pools.ts";
import { update } from "../../../test/support/updates.ts";
import { MemoryStore } from "../../records/memory-store.ts";
import type { TrialRecord } from "../../records/record.ts";
import { sha256 } from "../../base/sha256.node.ts";
import { verify, type Verdict } from "./verify.ts";

/** Diverges at `step` of pass 3, where it is asked for so many. */
function made(step: number, passes: number): TrialRecord {
  const hasDiverged = passes >= 3;
  const ending = hasDiverged ? ({ kind: "diverged", pass: 3, step } as const) : undefined;
  const { rows, fingerprint, ...rest } = update(0, hasDiverged ? 2 : passes, {
    ...(ending && { ending }),
  });
  return {
    ...rest,
    fingerprint: hasDiverged ? String(step).padStart(64, "0") : fingerprint,
    trajectory: rows.map(({ evaluation }) => evaluation),
    running_averages: [],
  };
}

test.each([
  [9, { kind: "matches" }],
  [8, { kind: "differs", pass: 3 }],
] as const)("a divergence is met again: at step 9, kept at step %i", async (step, verdict) => {
  const store = new MemoryStore();
  const { ending, fingerprint } = made(step, 3);
  await store.commit({ ...update(0, 2), ending, fingerprint });
  const verdicts: Verdict[] = [];
  await verify(await store.trials(), {
    ...{ store, sha256 },
    pool: poolOfRecords(({ passes }) => made(9, passes)),
    onVerdict: (_, verdict) => verdicts.push(verdict),
  });
  expect(verdicts).toEqual([verdict]);
});
