// The four curves while they grow: a line for each width, a band over its seeds.

import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { DASHES, lineColor } from "../model/colors.ts";
import { CurveData } from "../model/curve-data.ts";
import type { Lab } from "../model/lab.ts";
import { interpolatedAt, MEASURES, spreadOf, type Measure } from "../model/lines.ts";
import { valueAt } from "../model/schema.ts";
import { Swatch } from "./swatch.tsx";
import { useDark } from "./use-lab.ts";
import { percent } from "./words.ts";

const TITLES: Record<Measure, string> = {
  train_loss: "Training loss",
  test_loss: "Test loss",
  train_accuracy: "Training accuracy",
  test_accuracy: "Test accuracy",
};

// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the library has its names in types alone
const LOGARITHMIC = 3 as uPlot.Scale.Distr;

/** On logarithmic scales accuracies are drawn as errors. */
const LOG_TITLES: Record<Measure, string> = {
  ...TITLES,
  train_accuracy: "Training error",
  test_accuracy: "Test error",
};

/** What there will be once something is trained. */
const EXPECTED: Record<Measure, string> = {
  train_loss: "How far a network’s outputs are from the labels that it learns.",
  test_loss: "The same, on examples that it has never seen.",
  train_accuracy: "How much of what it learns it has by heart; a ring marks a width that has all.",
  test_accuracy: "How well that serves it on examples that it has never seen.",
};

export function Curves({ lab }: { lab: Lab }) {
  const titles = lab.log ? LOG_TITLES : TITLES;
  return (
    <section class="curves" aria-label="Curves">
      <div class="bar">
        <Legend lab={lab} />
        <fieldset class="choice">
          <legend>Scale</legend>
          {[true, false].map((log) => (
            <label key={String(log)}>
              <input
                type="radio"
                name="scale"
                checked={lab.log === log}
                onChange={() => {
                  lab.setLog(log);
                }}
              />
              <span>{log ? "logarithmic" : "linear"}</span>
            </label>
          ))}
        </fieldset>
      </div>
      <div class="four">
        {MEASURES.map((measure) => (
          <figure key={measure} aria-label={titles[measure]}>
            <figcaption>{titles[measure]}</figcaption>
            <Plot lab={lab} measure={measure} />
            {lab.lines.length === 0 && (
              <p class="expected">
                <span>{EXPECTED[measure]}</span>
              </p>
            )}
          </figure>
        ))}
      </div>
    </section>
  );
}

/** A row for each study, where several are laid over each other. */
function Legend({ lab: { lines } }: { lab: Lab }) {
  const studies = [...new Set(lines.map(({ study }) => study?.name))];
  return (
    <div class="legends">
      {studies.map((study) => (
        <div key={study}>
          {study !== undefined && <span>{study}</span>}
          <ul class="legend" aria-label={study === undefined ? "Widths" : `Widths of ${study}`}>
            {lines
              .filter((line) => line.study?.name === study)
              .map((line) => (
                <li key={line.name}>
                  <Swatch line={line} />
                  {line.label}
                </li>
              ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function Plot({ lab, measure }: { lab: Lab; measure: Measure }) {
  const place = useRef<HTMLDivElement>(null);
  const dark = useDark();
  const shape = shapeOf(lab, dark);
  const plot = useRef<uPlot | null>(null);
  const kept = useRef<CurveData | null>(null);
  const current = () => {
    if (kept.current?.isOf(lab.lines) !== true) kept.current = new CurveData(lab.lines, measure);
    return dataOf(lab, measure, kept.current);
  };
  useEffect(() => {
    const { current: element } = place;
    if (element === null) return;
    const size = () => ({ width: element.clientWidth, height: element.clientHeight });
    const made = new uPlot({ ...optionsOf(lab, measure, dark), ...size() }, current(), element);
    plot.current = made;
    const observer = new ResizeObserver(() => {
      made.setSize(size());
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.current = null;
      made.destroy();
    };
  }, [shape, measure]);
  useEffect(
    () =>
      lab.subscribe(() => {
        // Else another plot is about to be made.
        if (shapeOf(lab, dark) === shape) plot.current?.setData(current());
      }),
    [lab, measure, shape],
  );
  return <div class="plot" ref={place} />;
}

/** What a plot is made for: other data it can be given. */
function shapeOf(lab: Lab, dark: boolean): string {
  const { lines, log } = lab;
  const drawn = lines.map(({ name, trials }) => `${name}/${trials.length}`).join();
  return [drawn || passesOf(lab), lossOf(lab), log, dark].join("|");
}

/** That the study asks for, as far as it says so. */
function passesOf({ reading }: Lab): number {
  const said = valueAt(reading.said, ["training", "passes"]);
  return typeof said === "number" ? said : 1;
}

/** What losses are, with their unit. */
function lossOf({ lines, reading }: Lab): string {
  const objective = valueAt(reading.said, ["training", "objective"]) ?? "cross-entropy";
  const isSwept = lines.some(({ values }) => "training.objective" in values);
  if (isSwept || typeof objective !== "string") return "loss";
  return objective === "cross-entropy" ? "cross-entropy (nats)" : objective;
}

/** Of a set's share of errors; on a logarithmic scale none is drawn as half an example. */
function drawn(value: number, measure: Measure, log: boolean, examples: number): number | null {
  if (!Number.isFinite(value)) return null;
  if (!log) return value;
  if (measure === "train_loss" || measure === "test_loss") return Math.max(value, 1e-9);
  return Math.max(1 - value, 0.5 / examples);
}

/** Passes, then for each line its median, and where there are several seeds its least and largest. */
function dataOf({ lines, log }: Lab, measure: Measure, data: CurveData): uPlot.AlignedData {
  data.update(lines);
  const columns = lines.flatMap((line, index) => {
    const row = line.trials[0].rows.at(0);
    const set = measure.startsWith("train") ? row?.train : row?.test;
    const column = (of: "middle" | "low" | "high") =>
      data.spreads[index].map((spread) =>
        spread === null ? null : drawn(spread[of], measure, log, set?.examples ?? 1),
      );
    return line.trials.length === 1
      ? [column("middle")]
      : [column("middle"), column("low"), column("high")];
  });
  return [data.passes, ...columns];
}

function optionsOf(
  lab: Lab,
  measure: Measure,
  dark: boolean,
): Omit<uPlot.Options, "width" | "height"> {
  const { lines, log } = lab;
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  for (const line of lines) {
    const color = (opacity?: number) => lineColor(line, dark, opacity);
    const common = { spanGaps: true, points: { show: false } };
    const dash = [...DASHES[line.study?.place ?? 0]];
    series.push({ ...common, label: line.name, stroke: color(), width: 2, dash });
    if (line.trials.length === 1) continue;
    const at = series.length;
    series.push({ ...common, stroke: "transparent" }, { ...common, stroke: "transparent" });
    bands.push({ series: [at + 1, at], fill: color(0.16) });
  }
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const ink = dark ? "#a9adb8" : "#5b6070";
  const grid = { stroke: dark ? "#2a2d36" : "#e8e8ec", width: 1 };
  const font = `${0.75 * rem}px system-ui, sans-serif`;
  const axis = {
    ...{ stroke: ink, grid, ticks: { show: false } },
    ...{ font, labelFont: font, labelSize: 1.25 * rem, labelGap: 0 },
  };
  const isShare = measure.endsWith("accuracy");
  const isEmpty = lines.length === 0;
  const most: [number, number] = log ? [1e-3, 1] : [0, 1];
  return {
    series,
    bands,
    legend: { show: false },
    padding: [0.5 * rem, 0.9 * rem, 0, 0],
    scales: {
      x: {
        time: false,
        range: (_, low, high) => (isEmpty ? [0, passesOf(lab)] : [low, Math.max(high, 1)]),
      },
      y: {
        ...(log && { distr: LOGARITHMIC }),
        ...((isEmpty || (isShare && !log)) && { range: () => most }),
      },
    },
    axes: [
      { ...axis, size: 1.75 * rem, label: "passes" },
      {
        ...axis,
        size: 3.25 * rem,
        label: isShare ? `examples ${log ? "wrong" : "right"}` : lossOf(lab),
        values: (_, ticks: (number | null)[]) =>
          ticks.map((tick) =>
            tick === null ? null : isShare ? percent(tick).replace(".0", "") : String(tick),
          ),
        // Nobody knows yet how large losses are.
        ...(isEmpty && !isShare && { grid: { show: false }, values: () => [] }),
      },
    ],
    cursor: {
      sync: { key: "passes" },
      y: false,
      points: { size: 7 },
    },
    hooks: {
      setCursor: [
        ({ cursor, data }) => {
          if (!cursor.event) return;
          const pass =
            cursor.idx === null || cursor.idx === undefined ? undefined : data[0][cursor.idx];
          if (pass !== undefined && pass !== lab.shown)
            lab.setPass(pass >= lab.newest ? null : pass);
        },
      ],
      draw: [
        (plot) => {
          drawPass(plot, lab, ink);
          if (measure === "train_accuracy") drawRings(plot, lab, dark);
        },
      ],
    },
  };
}

/** A line at the pass that is looked at. */
function drawPass(plot: uPlot, { pass, shown }: Lab, ink: string): void {
  if (pass === null) return;
  const { ctx, bbox } = plot;
  const x = Math.round(plot.valToPos(shown, "x", true));
  ctx.save();
  ctx.strokeStyle = ink;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

/** A ring where a width interpolates. */
function drawRings(plot: uPlot, { lines, log }: Lab, dark: boolean): void {
  const { ctx } = plot;
  ctx.save();
  ctx.lineWidth = 2 * devicePixelRatio;
  for (const line of lines) {
    const at = spreadOf(line.trials.map((trial) => interpolatedAt(trial) ?? Infinity))?.middle;
    const examples = line.trials[0].rows.at(0)?.train.examples ?? 1;
    if (at === undefined || !Number.isFinite(at)) continue;
    const y = plot.valToPos(drawn(1, "train_accuracy", log, examples) ?? 1, "y", true);
    ctx.strokeStyle = lineColor(line, dark);
    ctx.fillStyle = dark ? "#15171c" : "#ffffff";
    ctx.beginPath();
    ctx.arc(plot.valToPos(at, "x", true), y, 4.5 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}
