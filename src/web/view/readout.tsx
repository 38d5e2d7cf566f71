// All values at the pass that is looked at: the curves in numbers.

import type { Lab } from "../model/lab.ts";
import { interpolatedAt, spreadAt, spreadOf, type Line } from "../model/lines.ts";
import { Swatch } from "./swatch.tsx";
import { number, percent } from "./words.ts";

export function Readout({ lab }: { lab: Lab }) {
  const { lines, shown } = lab;
  const several = lines.some(({ trials }) => trials.length > 1);
  return (
    <section aria-labelledby="readout-title">
      <h2 id="readout-title">
        After {shown} passes{several && ", medians over seeds"}
      </h2>
      <div class="scroll" tabIndex={0} role="region" aria-labelledby="readout-title">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">width</th>
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
                <td>{number(spreadAt(line, "train_loss", shown)?.middle)}</td>
                <td>{number(spreadAt(line, "test_loss", shown)?.middle)}</td>
                <td>{percent(spreadAt(line, "train_accuracy", shown)?.middle)}</td>
                <td>{percent(spreadAt(line, "test_accuracy", shown)?.middle)}</td>
                <td>{interpolation(line)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function interpolation({ trials }: Line): string {
  const passes = trials.map((trial) => interpolatedAt(trial) ?? Infinity);
  const made = passes.filter(Number.isFinite).length;
  if (made === 0)
    return trials.some(({ ending }) => ending?.kind === "diverged") ? "diverged" : "not yet";
  const middle = spreadOf(passes)?.middle ?? Infinity;
  const median = Number.isFinite(middle) ? `${middle} passes` : "most not yet";
  return trials.length === 1 ? median : `${median} (${made} of ${trials.length})`;
}
