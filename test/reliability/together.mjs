// Several processes that run the same studies on one store at once: each pass is trained by one of them, all come to
// the same end, and the trials of one that is killed are taken over.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { examineWhole } from "./examine.mjs";
import { start } from "./start.mjs";

/**
 * @typedef {import("./expected.mjs").Expected} Expected
 * @typedef {import("./start.mjs").Ended} Ended
 */

/**
 * @param {Expected} expected
 * @param {number} processes
 * @param {{ dieAt?: number, calendarsApart?: boolean }} [options] the commit at which the first is killed, before it;
 *   whether each one's calendar is a year off the next one's
 * @returns {Promise<{ trained: readonly number[], twice: number, lost: number }>} passes that each trained; passes
 *   that were trained twice; passes that the killed one had not kept
 */
export async function runAll(expected, processes, { dieAt, calendarsApart = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-together-"));
  try {
    const store = join(folder, "store.db");
    // All are ready before the first opens the store, and the others follow when it has begun to train.
    const gates = [join(folder, "first"), join(folder, "others")];
    let ready = 0;
    /** @type {Ended[]} */
    const inOrder = [];
    const year = 365 * 24 * 3600 * 1000;
    const all = await Promise.all(
      Array.from({ length: processes }, async (_, index) => {
        const calendarOffset = calendarsApart ? -index * year : 0;
        const isDoomed = index === 0 && dieAt !== undefined;
        /** @type {import("./faults.mjs").Fault | null} */
        const fault = isDoomed
          ? { at: "commit", number: dieAt, when: "before", microseconds: 0 }
          : null;
        let isReady = false;
        /** @param {string} output */
        const onOutput = (output) => {
          if (!isReady && ++ready === processes) writeFileSync(gates[0], "");
          isReady = true;
          if (index === 0 && output.includes('"made"')) writeFileSync(gates[1], "");
        };
        const gate = gates[Math.min(1, index)];
        const ended = await start({ store, gate, calendarOffset, fault }, { onOutput });
        inOrder.push(ended);
        // It may have died before.
        if (index === 0) writeFileSync(gates[1], "");
        return ended;
      }),
    );
    for (const [index, { code, signal, stderr, diary }] of all.entries()) {
      if (index === 0 && signal === "SIGKILL") continue;
      assert.equal(code, 0, stderr);
      const done = diary.at(-1);
      assert.ok(done?.event === "done");
      assert.deepEqual(done.fingerprints, expected.fingerprints);
    }
    // A process that is killed after the others have ended leaves SQLite's files to the next one.
    if (inOrder.at(-1)?.signal === "SIGKILL") {
      const next = await start({ store, gate: gates[1], calendarOffset: 0, fault: null });
      assert.equal(next.code, 0, next.stderr);
    }
    await examineWhole(store, expected);
    const counted = { trained: all.map((ended) => made(ended).length), ...repeated(all) };
    assert.ok(counted.twice <= counted.lost, `${counted.twice} passes were trained twice`);
    return counted;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {Ended} ended */
function made({ diary }) {
  return diary.flatMap((entry) => (entry.event === "made" ? [`${entry.key} ${entry.pass}`] : []));
}

/** @param {readonly Ended[]} all */
function repeated(all) {
  const passes = all.flatMap(made);
  const kept = new Map(
    all[0].diary.flatMap((entry) => (entry.event === "kept" ? [[entry.key, entry.pass]] : [])),
  );
  const isKilled = all[0].signal === "SIGKILL";
  const lost = all[0].diary.filter(
    (entry) => isKilled && entry.event === "made" && entry.pass > (kept.get(entry.key) ?? -1),
  );
  return { twice: passes.length - new Set(passes).size, lost: lost.length };
}
