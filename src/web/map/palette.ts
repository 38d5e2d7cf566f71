// A map's colours. Classes differ in lightness, and so do numbers, steadily: they keep their order in grey and for every eye.
// White, which no number has, is none.

import { interpolateViridis } from "d3-scale-chromatic";
import { KINDS, type MapModel } from "./map-model.ts";

/** By kind: not so, so, diverged. */
const CLASSES = {
  light: ["#f3ead3", "#31357a", "#d98c6a"],
  dark: ["#2c2f3c", "#c3b8ff", "#a85f45"],
} as const;

const STEPS = 64;
/** As the report's figures have it. */
export const RAMP: readonly string[] = Array.from({ length: STEPS }, (_, step) =>
  interpolateViridis(0.95 * (1 - step / (STEPS - 1))),
);
export const NONE = "#ffffff";

export function classColors(dark: boolean): readonly string[] {
  return CLASSES[dark ? "dark" : "light"];
}

/** RGBA, in rows from the top, as an ImageData has it; points of which nothing is known are clear. */
export function painted(map: MapModel, dark: boolean): Uint8ClampedArray<ArrayBuffer> {
  const { sources, columns, rows, kinds } = map;
  const isClass = map.outline.scale === null;
  const palette = Uint32Array.from(isClass ? classColors(dark) : [...RAMP, NONE], wordOf);
  const tones = isClass ? kinds : tonesOf(map);
  const words = new Uint32Array(sources.length);
  for (let row = 0, point = 0; row < rows; row++)
    for (let at = (rows - 1 - row) * columns; at < (rows - row) * columns; at++, point++) {
      const source = sources[point];
      if (source >= 0) words[at] = palette[tones[source]];
    }
  return new Uint8ClampedArray(words.buffer);
}

function tonesOf(map: MapModel): Uint8Array {
  const { low, high, outline } = map;
  const scaled = (value: number) => (outline.scale === "log" ? Math.log(value) : value);
  const [start, end] = [scaled(low), scaled(high)];
  const tones = new Uint8Array(map.sources.length);
  for (const { place, value } of map.lines()) {
    const share = value <= low || start === end ? 0 : (scaled(value) - start) / (end - start);
    const hasNumber = map.kinds[place] === KINDS.one;
    tones[place] = hasNumber ? Math.round((STEPS - 1) * Math.min(1, Math.max(0, share))) : STEPS;
  }
  return tones;
}

/** Red in the lowest byte, which browsers' machines have first; opaque. */
function wordOf(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return (255 << 24) | (blue << 16) | (green << 8) | red;
}
