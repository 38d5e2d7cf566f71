// Passes to interpolation against width, filling in as it happens; what has not made it stands in a lane above, with how
// far it seems to be.

import type { Lab } from "../model/lab.ts";
import { estimatedAt, interpolatedAt, spreadOf, type Line } from "../model/lines.ts";
import { lineColor } from "../model/colors.ts";
import { useDark } from "./use-lab.ts";

const WIDTH = 460;
const HEIGHT = 260;
const FRAME = { left: 54, right: 16, top: 46, bottom: 34 };
const LANE = 22;

/** How many times the passes that were asked for an estimate may lie ahead to be worth telling. */
const MOST_AHEAD = 5;

export function WidthsChart({ lab: { lines } }: { lab: Lab }) {
  const dark = useDark();
  const asked = Math.max(1, ...lines.flatMap(({ trials }) => trials.map(({ passes }) => passes)));
  const x = (index: number) =>
    FRAME.left + ((index + 0.5) / lines.length) * (WIDTH - FRAME.left - FRAME.right);
  const y = (pass: number) =>
    HEIGHT - FRAME.bottom - (pass / asked) * (HEIGHT - FRAME.top - FRAME.bottom);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * asked));
  const medians = lines.flatMap((line, index) => {
    const middle = spreadOf(passesOf(line))?.middle ?? Infinity;
    return Number.isFinite(middle) ? [[x(index), y(middle)]] : [];
  });
  return (
    <section aria-labelledby="widths-title">
      <h2 id="widths-title">Passes to interpolation against width</h2>
      <svg
        class="widths"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={described(lines)}
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line class="grid" x1={FRAME.left} x2={WIDTH - FRAME.right} y1={y(tick)} y2={y(tick)} />
            <text class="tick" x={FRAME.left - 8} y={y(tick) + 4} text-anchor="end">
              {tick}
            </text>
          </g>
        ))}
        <text class="tick" x={FRAME.left - 8} y={LANE + 4} text-anchor="end">
          not yet
        </text>
        <line
          class="grid"
          x1={FRAME.left}
          x2={WIDTH - FRAME.right}
          y1={LANE}
          y2={LANE}
          stroke-dasharray="2 4"
        />
        <polyline class="medians" points={medians.map((point) => point.join()).join(" ")} />
        {lines.map((line, index) => (
          <g key={line.name}>
            {line.trials.map((trial, place) => {
              const at = interpolatedAt(trial);
              const beside = 5 * (place - (line.trials.length - 1) / 2);
              const color = lineColor(line.index, lines.length, dark);
              return (
                <circle
                  key={trial.key}
                  cx={x(index) + beside}
                  cy={at === null ? LANE : y(at)}
                  r={5}
                  fill={at === null ? "var(--ground)" : color}
                  stroke={at === null ? color : "var(--ground)"}
                  stroke-width={at === null ? 1.8 : 1}
                />
              );
            })}
            <text class="tick" x={x(index)} y={HEIGHT - 14} text-anchor="middle">
              {line.name}
            </text>
            <text class="far" x={x(index)} y={LANE - 10} text-anchor="middle">
              {far(line)}
            </text>
          </g>
        ))}
      </svg>
      <p class="hint">
        Hollow: not yet. Above it the pass at which the misses would be gone if they went on falling
        as they do.
      </p>
    </section>
  );
}

function passesOf({ trials }: Line): number[] {
  return trials.map((trial) => interpolatedAt(trial) ?? Infinity);
}

function far({ trials }: Line): string {
  const open = trials.filter((trial) => interpolatedAt(trial) === null);
  const estimates = open.flatMap((trial) => estimatedAt(trial) ?? []);
  const middle = spreadOf(estimates)?.middle;
  if (middle === undefined) return "";
  return middle > MOST_AHEAD * trials[0].passes ? "far" : `≈ ${Number(middle.toPrecision(2))}`;
}

function described(lines: readonly Line[]): string {
  const points = lines.map((line) => {
    const made = passesOf(line).filter(Number.isFinite);
    const of = line.trials.length === 1 ? "" : `${made.length} of ${line.trials.length}, `;
    const middle = spreadOf(made)?.middle;
    return `width ${line.name}: ${of}${middle === undefined ? "not yet" : `after ${middle} passes`}`;
  });
  return points.join("; ");
}
