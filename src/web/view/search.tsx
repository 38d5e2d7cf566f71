// How the learning rate was found: every rate that was tried, what it had to reach, and what became of it.

import type { Lab } from "../model/lab.ts";
import type { LiveTrial } from "../model/lines.ts";
import { valueAt } from "../model/schema.ts";
import { number } from "./words.ts";

/** The studies' default. */
const FACTOR = 0.5;

export function Search({ lab }: { lab: Lab }) {
  const { probes } = lab;
  if (probes.length === 0) return null;
  const said = valueAt(lab.reading.said, ["search", "factor"]);
  const factor = typeof said === "number" ? said : FACTOR;
  const rates = new Set(probes.map(({ learningRate }) => learningRate));
  const isOne = rates.size === probes.length;
  const best = isOne ? probes.findLast((probe) => converges(probe, factor)) : undefined;
  const rate = lab.lines.at(0)?.trials.at(0)?.learningRate;
  return (
    <section aria-labelledby="search-title">
      <h2 id="search-title">The largest learning rate that converges, η*</h2>
      <p class="hint">
        A rate converges if one pass brings the training loss
        {isOne && ` of ${number(beforeOf(probes[0]))}`} below {factor} times what it was.
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-labelledby="search-title">
        <table class="search">
          <thead>
            <tr>
              <th scope="col">rate</th>
              {!isOne && <th scope="col">seed</th>}
              <th scope="col">after a pass</th>
              <th scope="col">threshold</th>
              <th scope="col">verdict</th>
            </tr>
          </thead>
          <tbody>
            {probes.map((probe) => (
              <Row key={probe.key} {...{ probe, factor, isOne }} isBest={probe === best} />
            ))}
          </tbody>
        </table>
      </div>
      {rate !== undefined && best !== undefined && (
        <p>
          η* is {best.learningRate}; the sweep trains with {rate}.
        </p>
      )}
      {rate !== undefined && best === undefined && <p>The sweep trains with {rate}.</p>}
    </section>
  );
}

function Row({
  probe,
  factor,
  isOne,
  isBest,
}: {
  readonly probe: LiveTrial;
  readonly factor: number;
  readonly isOne: boolean;
  readonly isBest: boolean;
}) {
  const before = beforeOf(probe);
  return (
    <tr class={isBest ? "best" : ""}>
      <th scope="row">
        {probe.learningRate}
        {isBest && " = η*"}
      </th>
      {!isOne && <td>{probe.point.seed}</td>}
      <td>{number(after(probe))}</td>
      <td>{number(before === undefined ? undefined : factor * before)}</td>
      <td>
        <span class={converges(probe, factor) ? "converges" : "diverges"}>
          {converges(probe, factor) ? "converges" : "diverges"}
        </span>
      </td>
    </tr>
  );
}

function beforeOf({ rows }: LiveTrial): number | undefined {
  return rows.at(0)?.train.objective;
}

/** Infinite where training diverged. */
function after({ rows, ending }: LiveTrial): number {
  return ending?.kind === "diverged" ? Infinity : (rows.at(1)?.train.objective ?? Infinity);
}

function converges(probe: LiveTrial, factor: number): boolean {
  return after(probe) < factor * (beforeOf(probe) ?? 0);
}
