// The fingerprints: what a second training must give again, and the command that gives the same.

import { useState } from "preact/hooks";
import { pointText } from "../../records/point.ts";
import { commandOf } from "../model/command.ts";
import type { Lab } from "../model/lab.ts";
import type { LiveTrial } from "../model/lines.ts";
import { told } from "../told.ts";

export function Proof({ lab }: { lab: Lab }) {
  const trials = lab.lines.flatMap((line) => line.trials);
  const done = trials.filter(({ fingerprint }) => fingerprint !== null);
  const command = commandOf(lab.started ?? lab.text);
  return (
    <section aria-labelledby="proof-title">
      <h2 id="proof-title">The proof</h2>
      <p>
        A fingerprint stands for every bit of a training. The command line gives the same ones, on
        every machine.
      </p>
      {lab.answer !== null && lab.answer.fingerprint !== "" && (
        <p class="fingerprint">
          The study’s: <code>{lab.answer.fingerprint}</code>
        </p>
      )}
      {done.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Fingerprints">
          <table class="numbers proofs">
            <tbody>
              {done.map((trial) => (
                <Row key={trial.key} lab={lab} trial={trial} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {lab.elsewhere?.isShown === true && (
        <p class="hint">
          <code>widthwise verify</code> trains what the store keeps again, and compares.
        </p>
      )}
      {lab.elsewhere?.isLaid !== true && (
        <details>
          <summary>The command that reproduces it</summary>
          {lab.own.data !== null && (
            <p class="hint">In the folder that the study’s file lies in:</p>
          )}
          <pre tabIndex={0}>{command}</pre>
          <CopyButton text={command} />
        </details>
      )}
    </section>
  );
}

function Row({ lab, trial }: { lab: Lab; trial: LiveTrial }) {
  return (
    <tr>
      <th scope="row">
        {[pointText(trial.point), ...(trial.study ? [trial.study.name] : [])].join(" · ")}
      </th>
      <td>
        <code title={trial.fingerprint ?? ""}>{trial.fingerprint?.slice(0, 16)}…</code>
      </td>
      {lab.elsewhere?.isShown !== true && (
        <td>
          <Verify lab={lab} trial={trial} name={pointText(trial.point)} />
        </td>
      )}
    </tr>
  );
}

export function Verify({
  lab,
  trial,
  name,
}: {
  lab: Lab;
  trial: Pick<LiveTrial, "key" | "fingerprint">;
  name: string;
}) {
  const [verdict, setVerdict] = useState("");
  const verify = async () => {
    setVerdict("training again …");
    try {
      const again = await lab.engine.call("verify", trial.key);
      setVerdict(again === trial.fingerprint ? "the same, to the bit" : `another: ${again}`);
    } catch (error) {
      setVerdict(told(error));
    }
  };
  return (
    <>
      <button
        type="button"
        class="quiet"
        onClick={() => void verify()}
        aria-label={`verify ${name}`}
      >
        Verify
      </button>{" "}
      <span role="status">{verdict}</span>
    </>
  );
}

export function CopyButton({
  text,
  what = "Copy",
  otherwise = "Select and copy it",
}: {
  readonly text: string;
  readonly what?: string;
  /** What is to be done where there is no clipboard, as on a page by plain http from another machine. */
  readonly otherwise?: string;
}) {
  const [said, setSaid] = useState(what);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied");
    } catch {
      setSaid(otherwise);
    }
  };
  return (
    <button type="button" class="quiet" onClick={() => void copy()}>
      {said}
    </button>
  );
}
