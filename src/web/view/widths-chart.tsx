// Passes to interpolation against width, filling in as it happens; what has not made it stands in a lane above, with how
// far it seems to be.

import type { Lab } from "../model/lab.ts";
import { axesOf, estimatedAt, interpolatedAt, spreadOf, type Line } from "../model/lines.ts";
import { DASHES, lineColor } from "../model/colors.ts";
import { useDark } from "./use-lab.ts";
import { passes } from "./words.ts";

const WIDTH = 460;
const HEIGHT = 260;
const FRAME = { left: 66, right: 16, top: 46, bottom: 46 };
const LANE = 22;

/** How many times the passes that were asked for an estimate may lie ahead to be worth telling. */
const MOST_AHEAD = 5;

export function WidthsChart({ lab: { lines } }: { lab: Lab }) {
  const dark = useDark();
  const asked = Math.max(1, ...lines.flatMap(({ trials }) => trials.map(({ passes }) => passes)));
  const middle = ({ index, count }: Line) =>
    FRAME.left + ((index + 0.5) / count) * (WIDTH - FRAME.left - FRAME.right);
  const studies = [...new Set(lines.map(placeOf))];
  const axes = axesOf(lines);
  const x = (line: Line) => middle(line) + 11 * (placeOf(line) - (studies.length - 1) / 2);
  const y = (pass: number) =>
    HEIGHT - FRAME.bottom - (pass / asked) * (HEIGHT - FRAME.top - FRAME.bottom);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * asked));
  const isFirst = (line: Line) => lines.find(({ label }) => label === line.label) === line;
  const mediansOf = (place: number) =>
    lines.flatMap((line) => {
      const middle = spreadOf(passesOf(line))?.middle ?? Infinity;
      const isOf = placeOf(line) === place && Number.isFinite(middle);
      return isOf ? [[x(line), y(middle)]] : [];
    });
  return (
    <section aria-labelledby="widths-title">
      <h2 id="widths-title">Passes to interpolation against {axes}</h2>
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
        <text
          class="tick"
          transform={`translate(12 ${(FRAME.top + HEIGHT - FRAME.bottom) / 2}) rotate(-90)`}
          text-anchor="middle"
        >
          passes
        </text>
        <text
          class="tick"
          x={(FRAME.left + WIDTH - FRAME.right) / 2}
          y={HEIGHT - 6}
          text-anchor="middle"
        >
          {axes}
        </text>
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
        {studies.map((place) => (
          <polyline
            key={place}
            class="medians"
            points={mediansOf(place)
              .map((point) => point.join())
              .join(" ")}
            stroke-dasharray={DASHES[place].join()}
          />
        ))}
        {lines.map((line) => (
          <g key={line.name}>
            {line.trials.map((trial, place) => {
              const at = interpolatedAt(trial);
              const beside = 5 * (place - (line.trials.length - 1) / 2);
              const color = lineColor(line, dark);
              return (
                <Mark
                  key={trial.key}
                  shape={placeOf(line)}
                  x={x(line) + beside}
                  y={at === null ? LANE : y(at)}
                  fill={at === null ? "var(--ground)" : color}
                  stroke={at === null ? color : "var(--ground)"}
                  stroke-width={at === null ? 1.8 : 1}
                />
              );
            })}
            {isFirst(line) && (
              <text class="tick" x={middle(line)} y={HEIGHT - 26} text-anchor="middle">
                {line.label}
              </text>
            )}
            {studies.length === 1 && (
              <text class="far" x={x(line)} y={LANE - 10} text-anchor="middle">
                {far(line)}
              </text>
            )}
          </g>
        ))}
      </svg>
      <p class="hint">
        {studies.length === 1
          ? `Hollow: not yet. Above it the pass at which the misses would be gone if they went on falling as they do${lines.some((line) => far(line) === "far") ? `; “far” is beyond ${passes(MOST_AHEAD * asked)}` : ""}.`
          : `Hollow: not yet. ${studies.map((place) => `${NAMES[place]}: ${nameOf(lines, place)}`).join(", ")}.`}
      </p>
    </section>
  );
}

/** Names of the marks' shapes, by the studies' places. */
const NAMES = ["Discs", "Squares", "Diamonds", "Triangles"];

function placeOf({ study }: Line): number {
  return study?.place ?? 0;
}

function nameOf(lines: readonly Line[], place: number): string {
  return lines.find(({ study }) => study?.place === place)?.study?.name ?? "";
}

function Mark({
  shape,
  x,
  y,
  ...look
}: {
  readonly shape: number;
  readonly x: number;
  readonly y: number;
  readonly fill: string;
  readonly stroke: string;
  readonly "stroke-width": number;
}) {
  const corners = [
    [],
    [-4.5, -4.5, 4.5, -4.5, 4.5, 4.5, -4.5, 4.5],
    [0, -6, 6, 0, 0, 6, -6, 0],
    [0, -5.5, 5.5, 4.5, -5.5, 4.5],
  ][shape];
  if (corners.length === 0) return <circle cx={x} cy={y} r={5} {...look} />;
  const points = corners.map((at, index) => at + (index % 2 === 0 ? x : y));
  return <polygon points={points.join()} {...look} />;
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
    return `width ${line.name}: ${of}${middle === undefined ? "not yet" : `after ${passes(middle)}`}`;
  });
  return points.join("; ");
}
