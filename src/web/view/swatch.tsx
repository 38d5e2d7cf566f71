// A line's colour beside its name.

import { DASHES, lineColor } from "../model/colors.ts";
import type { Line } from "../model/lines.ts";
import { useDark } from "./use-lab.ts";

export function Swatch({ line }: { line: Line }) {
  const dark = useDark();
  const dash = DASHES[line.study?.place ?? 0];
  return (
    <svg class="swatch" viewBox="0 0 24 5" aria-hidden="true">
      <line
        x2="24"
        y1="2.5"
        y2="2.5"
        stroke={lineColor(line, dark)}
        stroke-dasharray={dash.join()}
      />
    </svg>
  );
}
