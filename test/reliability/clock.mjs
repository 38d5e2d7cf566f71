// Calendars that lie: nothing of what is kept may depend on what day it is.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { examine, examineWhole } from "./examine.mjs";
import { start } from "./start.mjs";

/** @typedef {import("./expected.mjs").Expected} Expected */

const YEAR = 365 * 24 * 3600 * 1000;

/**
 * The same studies, killed and gone on with: after each kill the calendar is set back by ten years, it goes backward
 * while the process runs, and the file's own times are in the future.
 * @param {{ expected: Expected }} given
 * @returns {Promise<string>} what was seen
 */
export async function clockSetBack({ expected }) {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-clock-"));
  const store = join(folder, "store.db");
  try {
    let kills = 0;
    for (let decade = 0; ; decade++) {
      const calendarOffset = (1 - decade) * 10 * YEAR;
      const { code, signal, stderr } = await start(
        { store, calendar: "backward", calendarOffset },
        decade < 3 ? { killAfter: 100 * (decade + 1) } : {},
      );
      if (code === 0) break;
      assert.equal(signal, "SIGKILL", stderr);
      kills++;
      await examine(store, expected);
      const future = (Date.now() + 50 * YEAR) / 1000;
      utimesSync(store, future, future);
    }
    await examineWhole(store, expected);
    return `${kills} kills, the calendar set back by ten years after each: every fingerprint the same`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
