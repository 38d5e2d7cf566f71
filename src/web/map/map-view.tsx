// The map: drawn while it is refined, zoomed by dragging, read by pointer or keyboard.

import { useEffect, useRef, useState } from "preact/hooks";
import { ticksOf, titleOf } from "../../figures/map.ts";
import type { Lab } from "../model/lab.ts";
import { Sentences } from "../view/answer.tsx";
import { useDark, useMedia } from "../view/use-lab.ts";
import { CellPanel } from "./cell-panel.tsx";
import { KINDS, type MapModel } from "./map-model.ts";
import { summaryOf, toldOf } from "./map-words.ts";
import { classColors, NONE, painted, RAMP } from "./palette.ts";
import { partAround, zoomEdits, type Part } from "./zoom.ts";

/** Milliseconds between two pictures where less motion is wanted. */
const CALM = 1000;

export function MapView({ lab, map }: { lab: Lab; map: MapModel }) {
  const [cursor, setCursor] = useState<number | null>(null);
  const [refusal, setRefusal] = useState("");
  const { x, y } = map.outline;
  useEffect(() => {
    setCursor(null);
    setRefusal("");
  }, [map]);
  const zoom = (part: Part) => {
    const edits = zoomEdits(map.outline, part);
    if (edits === null) setRefusal("No finer: neighbouring points would be the same number.");
    else void lab.zoom(edits);
  };
  const out = () => {
    if (lab.address.depth > 0) history.back();
  };
  const { cell: chosen } = lab;
  const shown = chosen ?? cursor;
  return (
    <section class="map" aria-label="Map">
      <div class="bar">
        <Legend map={map} />
        <div class="buttons">
          <button
            type="button"
            class="quiet"
            disabled={shown === null}
            onClick={() => {
              if (shown !== null) zoom(around(map, shown));
            }}
          >
            Zoom in
          </button>
          <button type="button" class="quiet" disabled={lab.address.depth === 0} onClick={out}>
            Back out
          </button>
        </div>
      </div>
      <div class="map-pair">
        <div class="map-frame">
          <p class="map-y">{titleOf(y)}</p>
          <div class="map-ticks-y" aria-hidden="true">
            {ticksOf(y, 100, 0).map(({ at, label }) => (
              <span key={at} style={{ top: `${at}%` }}>
                {label}
              </span>
            ))}
          </div>
          <Ground map={map} lab={lab} {...{ cursor, setCursor, zoom, out }} />
          <div class="map-ticks-x" aria-hidden="true">
            {ticksOf(x, 0, 100).map(({ at, label }) => (
              <span key={at} style={{ left: `${at}%` }}>
                {label}
              </span>
            ))}
          </div>
          <p class="map-x">{titleOf(x)}</p>
        </div>
        <CellPanel lab={lab} map={map} point={shown} isChosen={chosen !== null} />
      </div>
      {refusal !== "" && (
        <p class="problem" role="alert">
          {refusal}
        </p>
      )}
      <div class="answer">
        <p id="map-summary">{summaryOf(map)}</p>
        <Sentences lab={lab} />
      </div>
      <p class="hint">
        Drag over a part to zoom into it; the arrow keys move the cursor, Enter chooses a cell, +
        zooms in, − goes back out.
      </p>
    </section>
  );
}

/** A quarter of both axes. */
function around(map: MapModel, point: number): Part {
  return partAround(point % map.columns, Math.floor(point / map.columns), map, 0.25);
}

function Legend({ map: { outline, low, high } }: { map: MapModel }) {
  const dark = useDark();
  const [first, second] = outline.words;
  const none = outline.of === "diverged" ? [] : ["diverged"];
  if (outline.scale === null) {
    const colors = classColors(dark);
    return (
      <ul class="legend" aria-label="Colours">
        {[KINDS.one, KINDS.none, KINDS.diverged].slice(0, 2 + none.length).map((kind) => (
          <li key={kind}>
            <span class="map-swatch" style={{ backgroundColor: colors[kind] }} />
            {[first, second, "diverged"][kind]}
          </li>
        ))}
      </ul>
    );
  }
  const ends = low > high ? ["", ""] : [low, high].map((end) => String(Number(end.toPrecision(3))));
  return (
    <ul class="legend" aria-label="Colours">
      <li>
        {first} {ends[0]}{" "}
        <span
          class="map-ramp"
          style={{ backgroundImage: `linear-gradient(to right, ${RAMP.join()})` }}
        />{" "}
        {ends[1]}
      </li>
      <li>
        <span class="map-swatch" style={{ backgroundColor: NONE }} />
        {second}
      </li>
    </ul>
  );
}

interface GroundProps {
  readonly lab: Lab;
  readonly map: MapModel;
  readonly cursor: number | null;
  readonly setCursor: (point: number | null) => void;
  readonly zoom: (part: Part) => void;
  readonly out: () => void;
}

/** A place on the ground: shares of its width and height from the lower left. */
type Spot = readonly [across: number, up: number];

/** Shares of the ground below which a drag is a click. */
const SMALL = 0.012;

function Ground(props: GroundProps) {
  const { lab, map, cursor, setCursor, zoom, out } = props;
  const { cell: chosen } = lab;
  const { columns, rows } = map;
  const [drag, drawDrag] = useState<readonly [Spot, Spot] | null>(null);
  /** As it is by now; a picture of it comes later. */
  const dragged = useRef<readonly [Spot, Spot] | null>(null);
  const setDrag = (spots: readonly [Spot, Spot] | null) => {
    dragged.current = spots;
    drawDrag(spots);
  };
  const ground = useRef<HTMLDivElement>(null);
  const spotOf = ({ clientX, clientY }: PointerEvent): Spot => {
    const { left, bottom, width, height } = (ground.current as Element).getBoundingClientRect();
    const share = (value: number) => Math.min(1, Math.max(0, value));
    return [share((clientX - left) / width), share((bottom - clientY) / height)];
  };
  const pointAt = ([across, up]: Spot) =>
    Math.min(rows - 1, Math.floor(up * rows)) * columns +
    Math.min(columns - 1, Math.floor(across * columns));
  const move = (across: number, up: number) => {
    const at = cursor ?? chosen ?? Math.floor(rows / 2) * columns + Math.floor(columns / 2);
    const within = (value: number, size: number) => Math.min(size - 1, Math.max(0, value));
    const column = within((at % columns) + across, columns);
    setCursor(within(Math.floor(at / columns) + up, rows) * columns + column);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // A cell of a coarse map, and of a fine one what can be seen as a step.
    const step = event.shiftKey ? 1 : Math.max(1, Math.round(columns / 64));
    const keys: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => {
        move(-step, 0);
      },
      ArrowRight: () => {
        move(step, 0);
      },
      ArrowDown: () => {
        move(0, -step);
      },
      ArrowUp: () => {
        move(0, step);
      },
      Enter: () => {
        lab.setCell(cursor);
      },
      " ": () => {
        lab.setCell(cursor);
      },
      "+": () => {
        zoom(around(map, cursor ?? chosen ?? Math.floor((rows * columns) / 2)));
      },
      "-": out,
      Escape: () => {
        setDrag(null);
        lab.setCell(null);
      },
    };
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  };
  const end = () => {
    const { current: spots } = dragged;
    if (spots === null) return;
    setDrag(null);
    const [[left, bottom], [right, top]] = sorted(spots);
    if (right - left < SMALL || top - bottom < SMALL) lab.setCell(pointAt(spots[1]));
    else
      zoom({
        left: left * columns,
        right: right * columns,
        bottom: bottom * rows,
        top: top * rows,
      });
  };
  return (
    <div
      class="map-ground"
      ref={ground}
      tabIndex={0}
      role="application"
      aria-label="Map, read by the arrow keys"
      aria-describedby="map-summary"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag([spotOf(event), spotOf(event)]);
      }}
      onPointerMove={(event) => {
        setCursor(pointAt(spotOf(event)));
        if (dragged.current !== null) setDrag([dragged.current[0], spotOf(event)]);
      }}
      onPointerUp={end}
      onPointerCancel={() => {
        setDrag(null);
      }}
      onPointerLeave={() => {
        if (dragged.current === null) setCursor(null);
      }}
    >
      <Picture lab={lab} map={map} />
      {chosen !== null && <Mark map={map} point={chosen} kind="chosen" />}
      {cursor !== null && drag === null && <Mark map={map} point={cursor} kind="cursor" />}
      {drag !== null && <Dragged of={sorted(drag)} />}
      <p class="hidden" aria-live="polite">
        {cursor === null ? "" : toldOf(map, cursor)}
      </p>
    </div>
  );
}

function sorted([from, to]: readonly [Spot, Spot]): readonly [Spot, Spot] {
  return [
    [Math.min(from[0], to[0]), Math.min(from[1], to[1])],
    [Math.max(from[0], to[0]), Math.max(from[1], to[1])],
  ];
}

function Dragged({ of: [[left, bottom], [right, top]] }: { of: readonly [Spot, Spot] }) {
  const percent = (share: number) => `${100 * share}%`;
  return (
    <div
      class="map-drag"
      style={{
        left: percent(left),
        bottom: percent(bottom),
        width: percent(right - left),
        height: percent(top - bottom),
      }}
    />
  );
}

function Mark({ map, point, kind }: { map: MapModel; point: number; kind: string }) {
  const { columns, rows } = map;
  return (
    <div
      class={`map-mark ${kind}`}
      style={{
        left: `${(100 * ((point % columns) + 0.5)) / columns}%`,
        bottom: `${(100 * (Math.floor(point / columns) + 0.5)) / rows}%`,
        width: `${100 / columns}%`,
        height: `${100 / rows}%`,
      }}
    />
  );
}

function Picture({ lab, map }: { lab: Lab; map: MapModel }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = useDark();
  const isCalm = useMedia("(prefers-reduced-motion: reduce)");
  useEffect(() => {
    let shown = -1;
    let next = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const paint = () => {
      const context = canvas.current?.getContext("2d");
      if (!context || shown === map.version) return;
      const now = performance.now();
      clearTimeout(timer);
      if (now < next) {
        timer = setTimeout(paint, next - now);
        return;
      }
      shown = map.version;
      next = isCalm ? now + CALM : 0;
      context.putImageData(new ImageData(painted(map, dark), map.columns), 0, 0);
    };
    paint();
    const leave = lab.subscribe(paint);
    return () => {
      clearTimeout(timer);
      leave();
    };
  }, [lab, map, dark, isCalm]);
  return <canvas ref={canvas} width={map.columns} height={map.rows} aria-hidden="true" />;
}
