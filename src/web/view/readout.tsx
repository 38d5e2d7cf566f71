// All values at the pass that is looked at: the curves in numbers.

import type { Lab } from "../model/lab.ts";
import {
  axesOf,
  endBefore,
  interpolatedAt,
  spreadAt,
  spreadOf,
  type Line,
  type Measure,
} from "../model/lines.ts";
import { Swatch } from "./swatch.tsx";
import { number, passes, percent } from "./words.ts";

export function Readout({ lab }: { lab: Lab }) {
  const { lines, shown } = lab;
  const several = lines.some(({ trials }) => trials.length > 1);
  return (
    <section aria-labelledby="readout-title">
      <h2 id="readout-title">
        After {passes(shown)}
        {several && ", medians over seeds"}
      </h2>
      <div class="scroll" tabIndex={0} role="region" aria-labelledby="readout-title">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">{axesOf(lines)}</th>
              <th scope="col">training loss</th>
              <th scope="col">test loss</th>
              <th scope="col">training accuracy</th>
              <th scope="col">test accuracy</th>
              <th scope="col">interpolates after</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.name}>
                <th scope="row">
                  <Swatch line={line} /> {line.name}
                </th>
                <Values line={line} pass={shown} />
                <td>{interpolation(line)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Values({ line, pass }: { line: Line; pass: number }) {
  const end = endBefore(line, pass);
  if (end !== null)
    return (
      <td class="ended" colSpan={4}>
        {end}
      </td>
    );
  const at = (measure: Measure) => spreadAt(line, measure, pass)?.middle;
  return (
    <>
      <td>{number(at("train_loss"))}</td>
      <td>{number(at("test_loss"))}</td>
      <td>{percent(at("train_accuracy"))}</td>
      <td>{percent(at("test_accuracy"))}</td>
    </>
  );
}

function interpolation({ trials }: Line): string {
  const all = trials.map((trial) => interpolatedAt(trial) ?? Infinity);
  const made = all.filter(Number.isFinite).length;
  if (made === 0)
    return trials.some(({ ending }) => ending?.kind === "diverged") ? "diverged" : "not yet";
  const middle = spreadOf(all)?.middle ?? Infinity;
  const median = Number.isFinite(middle) ? passes(middle) : "most not yet";
  return trials.length === 1 ? median : `${median} (${made} of ${trials.length})`;
}
