// A line's colour beside its name.

import { lineColor } from "../model/colors.ts";
import type { Line } from "../model/lines.ts";
import { useDark } from "./use-lab.ts";

export function Swatch({ line, count }: { line: Line; count: number }) {
  const dark = useDark();
  return (
    <span
      class="swatch"
      aria-hidden="true"
      style={{ backgroundColor: lineColor(line.index, count, dark) }}
    />
  );
}
