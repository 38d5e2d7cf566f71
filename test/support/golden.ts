// A figure against its golden in src/figures/golden/.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import type { Figure } from "../../src/figures/svg.ts";

const GOLDEN = new URL("../../src/figures/golden/", import.meta.url);

/** A mismatch leaves `NAME-changed.svg` beside the golden; UPDATE_GOLDENS writes it anew. */
export function expectGolden(name: string, figure: Pick<Figure, "svg"> | undefined): void {
  const golden = new URL(`${name}.svg`, GOLDEN);
  const changed = new URL(`${name}-changed.svg`, GOLDEN);
  const { svg } = figure ?? { svg: "" };
  rmSync(changed, { force: true });
  if (process.env.UPDATE_GOLDENS) {
    mkdirSync(GOLDEN, { recursive: true });
    writeFileSync(golden, svg);
  }
  const same = existsSync(golden) && readFileSync(golden, "utf8") === svg;
  if (!same) writeFileSync(changed, svg);
  expect(
    same,
    `figure differs from its golden: look at src/figures/golden/${name}-changed.svg`,
  ).toBe(true);
}
