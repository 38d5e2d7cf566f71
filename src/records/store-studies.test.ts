// The contract of every store: studies, their plans, and what they have of their trials.

import { describe, expect, test } from "vitest";
import { update, keyOf, plan } from "../../test/support/updates.ts";
import { STORES } from "../../test/support/stores.ts";
import { WidthwiseError } from "../base/errors.ts";

describe.each(STORES)("a store %s", (_, open) => {
  test("keeps studies: their plan as it grows, their answer, whence it comes", async () => {
    const store = open();
    const first = plan(5, [1]);
    await store.plan(first);
    await store.plan(plan(6));
    await store.finish(first.id, "f1".repeat(32));
    await store.describe(first.id, '{"command":"?"}');
    const grown = { ...first, trials: plan(5, [1, 2]).trials };
    await store.plan(grown);
    const kept = await store.study(first.id);
    expect(kept).toMatchObject({
      ...grown,
      size: 2,
      fingerprint: "f1".repeat(32),
      provenance: '{"command":"?"}',
    });
    // Another run of it begins to plan.
    await store.plan(first);
    expect((await store.study(first.id))?.trials).toEqual(grown.trials);
    expect(kept?.finished).toMatch(/^\d{4}-.*Z$/);
    expect(await store.study("00".repeat(32))).toBeNull();
    const all = await store.studies();
    expect(all.map(({ id, size, fingerprint }) => [id, size, fingerprint])).toEqual([
      [first.id, 2, "f1".repeat(32)],
      [plan(6).id, 1, null],
    ]);
  });

  test("keeps a plan piece by piece; a piece that differs is the last one, and none follows what is not kept", async () => {
    const store = open();
    const whole = plan(5, [1, 2, 3, 4]);
    const piece = (from: number, to: number, of = whole) =>
      store.plan({ ...of, trials: of.trials.slice(from, to) }, from);
    const seeds = async () =>
      (await store.study(whole.id))?.trials.map(({ point }) => point.seed) ?? null;
    await piece(0, 1);
    await store.finish(whole.id, "f1".repeat(32));
    await store.plan(plan(6));
    await piece(1, 3);
    expect(await store.study(whole.id)).toMatchObject({
      ...{ size: 3, fingerprint: "f1".repeat(32), trials: whole.trials.slice(0, 3) },
    });
    await piece(3, 4);
    expect(await seeds()).toEqual([1, 2, 3, 4]);
    // Another run of it: what it comes to stays, and it is the one planned last.
    await piece(0, 2);
    await piece(2, 3);
    expect(await seeds()).toEqual([1, 2, 3, 4]);
    expect((await store.studies()).map(({ id }) => id)).toEqual([whole.id, plan(6).id]);
    expect(await store.studyTotals(whole.id)).toMatchObject({ size: 4, ended: 0 });
    const other = { ...plan(5, [1, 2, 9, 4, 5]), id: whole.id };
    await piece(2, 3, other);
    expect(await seeds()).toEqual([1, 2, 9]);
    await expect(piece(4, 5, other)).rejects.toThrow(
      `study ${whole.name}: it was taken out of the store while it ran; run it again, which trains what is not kept`,
    );
    await piece(3, 5, other);
    expect(await seeds()).toEqual([1, 2, 9, 4, 5]);
    await store.removeStudy(whole.id);
    await expect(piece(3, 5, other)).rejects.toThrow(WidthwiseError);
    expect(await seeds()).toBeNull();
    expect(await store.gaps()).toEqual([]);
  });

  test("finds trials by the beginning of their keys, and who asks for them", async () => {
    const store = open();
    for (const seed of [3, 4]) await store.commit(update(0, 2, { seed }));
    expect(await store.keys("")).toEqual([keyOf(3), keyOf(4)].sort());
    expect(await store.keys(keyOf(4).slice(0, 9))).toEqual([keyOf(4)]);
    expect(await store.keys(keyOf(5))).toEqual([]);
    const studies = [plan(2, [4]), plan(1, [3, 4])];
    for (const study of studies) await store.plan(study);
    const studiesUsing = await store.studiesUsing(keyOf(4));
    expect(
      studiesUsing.map(({ study, trial }) => [study.id, trial.passes, trial.point.seed]),
    ).toEqual([
      [studies[1].id, 1, 4],
      [studies[0].id, 2, 4],
    ]);
    expect(await store.studiesUsing(keyOf(9))).toEqual([]);
  });

  test("counts what a study has of its trials, and what nobody asks for", async () => {
    const store = open();
    const study = plan(4, [3, 4, 5, 6]);
    await store.plan(study);
    await store.commit(update(0, 6, { seed: 3 }));
    await store.commit(update(0, 2, { seed: 4 }));
    await store.commit(update(0, 1, { seed: 5, ending: { kind: "diverged", pass: 2, step: 9 } }));
    await store.commit(update(0, 1, { seed: 8 }));
    const { ended, diverged, bytes } = await store.studyTotals(study.id);
    expect([ended, diverged]).toEqual([2, 1]);
    expect(bytes).toBeGreaterThanOrEqual(3 * 56);
    const totals = await store.totals();
    expect([totals.trials, totals.unasked]).toEqual([4, 1]);
    expect(totals.bytes).toBeGreaterThanOrEqual(bytes / 2);
    expect(await store.studyTotals("00".repeat(32))).toMatchObject({ size: 0, ended: 0, bytes: 0 });
  });

  test.each<[string, number, number | null, [ended: number, diverged: number]]>([
    ["fewer passes", 3, null, [0, 0]],
    ["as many passes", 4, null, [1, 0]],
    ["a divergence before", 1, 2, [1, 1]],
    ["a divergence in the last pass", 3, 4, [1, 1]],
    ["a divergence after", 4, 5, [1, 0]],
    ["a divergence after, not trained as far", 3, 5, [0, 0]],
  ])("of a trial with %s, counts what the study asks for", async (_, passes, pass, counts) => {
    const store = open();
    const asked = plan(4);
    const searched = {
      ...plan(4, [3, 9]),
      trials: asked.trials.map((trial) => ({ ...trial, role: "search" as const })),
    };
    for (const study of [asked, searched]) await store.plan(study);
    const ending = pass === null ? undefined : ({ kind: "diverged", pass, step: 9 } as const);
    await store.commit(update(0, passes, ending && { ending }));
    const { ended, diverged } = await store.studyTotals(asked.id);
    expect([ended, diverged]).toEqual(counts);
    expect((await store.studyTotals(searched.id)).diverged).toBe(0);
  });
});
