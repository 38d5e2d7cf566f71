// How the learning rate was found: every rate that was tried, and what became of it.

import type { Lab } from "../model/lab.ts";
import { number } from "./words.ts";

export function Search({ lab }: { lab: Lab }) {
  const { probes } = lab;
  if (probes.length === 0) return null;
  const rate = lab.lines.at(0)?.trials.at(0)?.learningRate;
  return (
    <section aria-labelledby="search-title">
      <h2 id="search-title">The largest learning rate that converges, η*</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">rate</th>
            <th scope="col">training loss, one pass</th>
            <th scope="col" />
          </tr>
        </thead>
        <tbody>
          {probes.map(({ key, learningRate, rows, ending }) => {
            const [before, after] = [rows.at(0), rows.at(1)];
            const diverged = ending?.kind === "diverged" || after === undefined;
            return (
              <tr key={key}>
                <th scope="row">{learningRate}</th>
                <td>
                  {number(before?.train.objective)} →{" "}
                  {diverged ? "∞" : number(after.train.objective)}
                </td>
                <td>{diverged ? "diverges" : ""}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {rate !== undefined && <p>The sweep trains with {rate}.</p>}
    </section>
  );
}
