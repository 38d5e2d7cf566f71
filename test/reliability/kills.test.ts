// The short form of the kill campaign; `npm run test:reliability` is the long one.

import { expect, test } from "vitest";
import { extent, IS_LONG } from "../support/extent.ts";
import { expected } from "./expected.mjs";
import { killCampaign } from "./kills.mjs";

const KILLS = extent(8, 20);

test(
  `${KILLS} kills lose nothing that was kept, and change no bit`,
  { timeout: 600_000 },
  async () => {
    const tally = await killCampaign({ kills: KILLS, seed: 1, expected: await expected() });
    expect(tally.kills).toBe(KILLS);
    expect(tally.afterFirstCheckpoint).toBeGreaterThanOrEqual(KILLS / 2);
    // Of so few none may fall there.
    if (IS_LONG) expect(tally.inTransaction + tally.inCommit).toBeGreaterThan(0);
    expect(tally.rounds).toBeGreaterThan(0);
  },
);
