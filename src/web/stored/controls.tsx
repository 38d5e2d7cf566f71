// The server's studies: started there, stopped, gone on with, and how far they are.

import type { Lab } from "../model/lab.ts";
import { PassSlider, progressOf } from "../view/controls.tsx";
import { sentence } from "../told.ts";
import { ReportLink } from "./lists.tsx";
import type { Stored } from "./stored.ts";
import { moment, unfinished } from "./words.ts";

export function StartButton({ lab, stored }: { lab: Lab; stored: Stored }) {
  const isRunning = lab.state === "running" || lab.state === "loading";
  return (
    <>
      <button
        type="button"
        disabled={isRunning || lab.reading.problem !== null || !stored.isThere}
        title="On the cores of the machine that serves this page; it goes on when the page is closed, and is kept."
        onClick={() => void stored.start()}
      >
        Train on the server
      </button>
      {stored.problem !== "" && (
        <p class="problem" role="alert">
          {stored.problem}
        </p>
      )}
    </>
  );
}

export function ServerControls({ lab, stored }: { lab: Lab; stored: Stored }) {
  const { opened } = stored;
  const underway = opened.filter(({ id }) => isUnderway(stored, id));
  const open = opened.filter(({ id, finished }) => finished === null && !isUnderway(stored, id));
  const [first] = opened;
  return (
    <section class="controls" aria-label="The server’s studies">
      <div class="buttons">
        {underway.map((study) => (
          <button
            key={study.id}
            type="button"
            class="main"
            onClick={() => void stored.stop(study.id)}
          >
            Stop{stored.isLaid && ` ${stored.nameOf(study)}`}
          </button>
        ))}
        {open.map((study) => (
          <button
            key={study.id}
            type="button"
            class="main"
            disabled={!stored.isThere}
            onClick={() => void stored.goOn(study.id)}
          >
            Go on{stored.isLaid && ` with ${stored.nameOf(study)}`}
          </button>
        ))}
        <button type="button" onClick={() => void lab.reset()}>
          Close
        </button>
        {opened.length === 1 && first.finished !== null && (
          <ReportLink id={first.id} name={first.name} />
        )}
      </div>
      {lab.map === null && <PassSlider lab={lab} />}
      <p class="status" data-state={lab.state} data-place="server">
        {statusOf(lab, stored)}
      </p>
    </section>
  );
}

function isUnderway(stored: Stored, id: string): boolean {
  const state = stored.stateOf(id)?.state;
  return state === "training" || state === "waiting";
}

function statusOf(lab: Lab, stored: Stored): string {
  const { opened, isThere, problem } = stored;
  if (!isThere)
    return "The server does not answer; what it trained by then is kept. Start widthwise lab again.";
  if (problem !== "") return sentence(problem);
  const failed = opened.map(({ id }) => stored.stateOf(id)).find((one) => one?.state === "failed");
  if (failed !== undefined) return sentence(failed.message);
  const states = opened.map(({ id }) => stored.stateOf(id)?.state);
  if (states.includes("training")) return `The server trains: ${progressOf(lab)}`;
  if (states.includes("waiting")) return "It waits for its turn on the server.";
  if (stored.isLaid) return `${opened.length} studies, laid over each other.`;
  const [first] = opened;
  const { name, finished } = first;
  return finished === null
    ? `${name} is ${unfinished(first)}. The server can go on with it.`
    : `${name}, from the store, finished ${moment(finished)}.`;
}
