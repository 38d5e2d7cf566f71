// The short form of `npm run test:fuzz`: the first inputs of each reader, the same ones each time.

import { expect, test } from "vitest";
import { extent } from "../support/extent.ts";
import { fuzz } from "./campaign.mjs";
import { READERS } from "./readers.mjs";

const INPUTS = extent(200, 1000);

test.for(Object.keys(READERS))("%s", async (reader) => {
  const { tally, failure } = await fuzz(reader, 1, { from: 0, to: INPUTS });
  expect(failure).toBeNull();
  // Mutations that no first check lets through would test nothing else.
  expect(tally?.passed).toBeGreaterThan(0.02 * (tally?.sampled ?? 0));
});
