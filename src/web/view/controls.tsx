// Start, pause, one pass, reset, and the pass that is looked at.

import type { MapModel } from "../map/map-model.ts";
import type { Lab } from "../model/lab.ts";
import type { LiveTrial } from "../model/lines.ts";
import { sentence } from "../told.ts";

export function Controls({ lab }: { lab: Lab }) {
  const { state, reading } = lab;
  const isRunning = state === "running" || state === "loading";
  const isCurrent = lab.started === lab.text;
  const isDone = state === "done" && isCurrent;
  const Start = lab.elsewhere?.views.Start;
  const cannot = reading.problem !== null || lab.own.isMissing;
  // It stays where it was, so that no other button comes under the pointer that was to pause.
  const begin = isDone ? "Done" : lab.started === null || !isCurrent ? "Start" : "Go on";
  return (
    <section class="controls" aria-label="Training">
      <div class="buttons">
        {isRunning ? (
          <button type="button" class="main" onClick={() => void lab.pause()}>
            Pause
          </button>
        ) : (
          <button
            type="button"
            class="main"
            disabled={cannot || isDone}
            onClick={() => void lab.start()}
          >
            {begin}
          </button>
        )}
        {lab.map === null && (
          <button
            type="button"
            disabled={isRunning || cannot || isDone}
            onClick={() => void lab.start(true)}
          >
            One pass
          </button>
        )}
        <button type="button" disabled={lab.started === null} onClick={() => void lab.reset()}>
          Reset
        </button>
        {Start && <Start lab={lab} />}
      </div>
      {lab.map === null && <PassSlider lab={lab} />}
      <p class="status" data-state={state}>
        {statusOf(lab)}
      </p>
    </section>
  );
}

export function PassSlider({ lab }: { lab: Lab }) {
  const { newest, shown } = lab;
  return (
    <label class="pass">
      <span>
        Pass <output>{shown}</output>
      </span>
      <input
        type="range"
        min={0}
        max={Math.max(1, newest)}
        value={shown}
        disabled={newest === 0}
        onInput={({ currentTarget }) => {
          const pass = Number(currentTarget.value);
          lab.setPass(pass >= newest ? null : pass);
        }}
      />
    </label>
  );
}

/** "12 of 40 passes, 1 of 4 trials done." */
export function progressOf({ lines, map, round }: Lab): string {
  if (map !== null && round.trials === 0) return "the coarse grid …";
  if (map !== null)
    return `${round.done} of ${round.trials} trials of this round, ${map.trained} cells so far.`;
  const all = lines.flatMap(({ trials }) => trials);
  const done = all.filter(({ fingerprint }) => fingerprint !== null).length;
  return `${madeOf(all)}, ${done} of ${all.length} trials done.`;
}

function madeOf(all: readonly LiveTrial[]): string {
  const made = all.reduce((sum, { rows }) => sum + (rows.at(-1)?.pass ?? 0), 0);
  const asked = all.reduce((sum, { passes }) => sum + passes, 0);
  return `${made} of ${asked} passes`;
}

function statusOf(lab: Lab): string {
  const { state, message, lines, reading } = lab;
  if (reading.problem !== null) return "The study has a mistake; mend it to start.";
  if (lab.own.isMissing) return "The study’s file is not here yet; drop it to start.";
  if (state === "loading") return message === "" ? "Getting ready …" : `${message} …`;
  if (state === "failed") return sentence(message);
  const edited = lab.started !== null && lab.started !== lab.text;
  if (edited && state !== "running") return "The study has changed; Start begins it anew.";
  if (lab.map !== null) return mapStatus(lab, lab.map);
  const all = lines.flatMap(({ trials }) => trials);
  if (state === "running" && all.length === 0)
    return "Searching the largest learning rate that converges …";
  switch (state) {
    case "running":
      return `Training: ${progressOf(lab)}`;
    case "paused":
      return `Paused after ${madeOf(all)}; what is trained is kept.`;
    case "done":
      return `Done: ${all.length} trials.`;
    case "idle":
      return "Nothing is trained yet.";
  }
}

function mapStatus(lab: Lab, { trained }: MapModel): string {
  const { state } = lab;
  if (state === "running")
    return trained === 0 ? "Training the coarse grid …" : `Training: ${progressOf(lab)}`;
  if (state === "paused") return `Paused after ${trained} cells; what is trained is kept.`;
  return state === "done" ? `Done: ${trained} cells trained.` : "Nothing is trained yet.";
}
