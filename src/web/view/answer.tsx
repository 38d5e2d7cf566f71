// The answer in sentences, and what happens meanwhile; told to screen readers when they have time.

import type { Lab } from "../model/lab.ts";

const MOST_NOTES = 4;

export function Answer({ lab }: { lab: Lab }) {
  const { reading, lines } = lab;
  const question = lab.elsewhere?.isLaid === true ? lab.elsewhere.title : reading.said?.question;
  return (
    <section class="answer" aria-label="Answer">
      {typeof question === "string" && <h2>{question}</h2>}
      {lab.map === null && <Sentences lab={lab} />}
      {lab.map === null && lines.length === 0 && (
        <p class="hint">
          Every curve will be a network of another width, from narrow to wide. Press Start; change
          what you like. Under the curves there are then all values, the passes that each width
          needs, a look inside a network, and fingerprints that prove it.
        </p>
      )}
    </section>
  );
}

export function Sentences({ lab: { answer, notes } }: { lab: Lab }) {
  return (
    <div aria-live="polite">
      {answer === null
        ? notes.slice(-MOST_NOTES).map((note) => <p key={note}>{note}</p>)
        : answer.sentences.map((sentence) => <p key={sentence}>{sentence}</p>)}
    </div>
  );
}
