// A cell of the map: its values, its answer, its trials' fingerprints, its curve, and the command that reproduces it.

import { useEffect, useState } from "preact/hooks";
import { scaleLinear, scaleLog } from "d3-scale";
import type { Evaluation } from "../../records/record.ts";
import type { Lab } from "../model/lab.ts";
import { told } from "../told.ts";
import { CopyButton, Verify } from "../view/proof.tsx";
import { number, passes } from "../view/words.ts";
import type { WatchedCell } from "../../report/watching.ts";
import type { MapModel } from "./map-model.ts";
import { answerOf, commandOf, valuesOf } from "./map-words.ts";

interface Props {
  readonly lab: Lab;
  readonly map: MapModel;
  readonly point: number | null;
  readonly isChosen: boolean;
}

export function CellPanel({ lab, map, point, isChosen }: Props) {
  const cell = point === null ? undefined : map.at(point);
  return (
    <section class="map-cell" aria-labelledby="cell-title">
      <h2 id="cell-title">{isChosen ? "The chosen cell" : "A cell"}</h2>
      {point === null ? (
        <p class="hint">
          Every cell is a training. Point at one to read it; click, and its curve is drawn.
        </p>
      ) : (
        <>
          <Values map={map} point={point} cell={cell} />
          {cell !== undefined && (
            <Trained {...{ lab, map, cell, isChosen }} key={`${cell.place} ${isChosen}`} />
          )}
        </>
      )}
    </section>
  );
}

function Values({
  map,
  point,
  cell,
}: {
  map: MapModel;
  point: number;
  cell?: WatchedCell | undefined;
}) {
  const own = cell === undefined || cell.place === point;
  return (
    <dl>
      {valuesOf(map, point).map(({ path, name, value }) => (
        <div key={path}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <div>
        <dt>answer</dt>
        <dd>{cell === undefined ? "not trained yet" : answerOf(map.outline, cell)}</dd>
      </div>
      {!own && (
        <div>
          <dt>trained at</dt>
          <dd>
            {valuesOf(map, cell.place)
              .map(({ value }) => value)
              .join(", ")}
          </dd>
        </div>
      )}
    </dl>
  );
}

function Trained({ lab, map, cell, isChosen }: Omit<Props, "point"> & { cell: WatchedCell }) {
  const command = commandOf(lab, map, cell);
  const isElsewhere = lab.elsewhere?.isShown === true;
  return (
    <>
      <ul class="map-trials">
        {cell.trials.map(({ key, fingerprint, seed }) => (
          <li key={key}>
            {cell.trials.length > 1 && <span>seed {seed} </span>}
            <code title={fingerprint}>{fingerprint.slice(0, 16)}…</code>{" "}
            {isChosen && !isElsewhere && (
              <Verify lab={lab} trial={{ key, fingerprint }} name={`seed ${seed ?? ""}`} />
            )}
          </li>
        ))}
      </ul>
      {isChosen && <Curve lab={lab} trialKey={cell.trials[0].key} />}
      <details open={isChosen}>
        <summary>The command that reproduces it</summary>
        <pre tabIndex={0}>{command}</pre>
        <CopyButton text={command} />
      </details>
    </>
  );
}

const WIDTH = 300;
const HEIGHT = 150;
const FRAME = { left: 46, right: 8, top: 10, bottom: 26 };

/** Of the first seed: its training loss, in the page after every pass, trained once more for it. */
function Curve({ lab, trialKey }: { lab: Lab; trialKey: string }) {
  const [rows, setRows] = useState<readonly Evaluation[] | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    let isWanted = true;
    lab.results.call("curve", trialKey).then(
      (found) => {
        if (isWanted) setRows(found);
      },
      (error: unknown) => {
        if (isWanted) setProblem(told(error));
      },
    );
    return () => {
      isWanted = false;
    };
  }, [lab, trialKey]);
  if (problem !== "") return <p class="problem">{problem}</p>;
  if (rows === null) return <p class="map-curve hint">Getting its curve …</p>;
  const points = rows
    .map(({ pass, train }) => [pass, train.objective] as const)
    .filter(([, loss]) => loss > 0 && Number.isFinite(loss));
  const losses = points.map(([, loss]) => loss);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  const last = rows[rows.length - 1].pass;
  const x = scaleLinear([0, last], [FRAME.left, WIDTH - FRAME.right]);
  const y = scaleLog([low, Math.max(high, 1.01 * low)], [HEIGHT - FRAME.bottom, FRAME.top]).nice();
  return (
    <figure class="map-curve">
      <figcaption>Training loss against passes</figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Training loss: ${number(losses.at(0))} at first, ${number(losses.at(-1))} after ${passes(last)}`}
      >
        {y.domain().map((tick) => (
          <g key={tick}>
            <line class="grid" x1={FRAME.left} x2={WIDTH - FRAME.right} y1={y(tick)} y2={y(tick)} />
            <text class="tick" x={FRAME.left - 6} y={y(tick) + 4} text-anchor="end">
              {Number(tick.toPrecision(2))}
            </text>
          </g>
        ))}
        {[0, last].map((tick) => (
          <text
            key={tick}
            class="tick"
            x={x(tick)}
            y={HEIGHT - 8}
            text-anchor={tick === 0 ? "middle" : "end"}
          >
            {tick}
          </text>
        ))}
        <polyline points={points.map(([pass, loss]) => `${x(pass)},${y(loss)}`).join(" ")} />
      </svg>
    </figure>
  );
}
