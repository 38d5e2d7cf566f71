// The short form of the kill campaign; `npm run test:reliability` is the long one.

import { expect, test } from "vitest";
import { extent } from "../support/extent.ts";
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
    expect(tally.inTransaction + tally.inCommit).toBeGreaterThanOrEqual(extent(0, 1));
    expect(tally.rounds).toBeGreaterThan(0);
  },
);
