// The studies that the server's store keeps, and the claims of its shelf.

import { useEffect } from "preact/hooks";
import type { ListedClaim, ListedStudy } from "../../report/watching.ts";
import type { Lab } from "../model/lab.ts";
import { reportAddress } from "./server-client.ts";
import { MOST_LAID, type Stored } from "./stored.ts";
import { madeOf, moment, timeOf, unfinished } from "./words.ts";

interface Shown {
  readonly lab: Lab;
  readonly stored: Stored;
}

export function StudyList({ lab, stored }: Shown) {
  const { listing } = stored;
  const ids = listing?.studies.map(({ id }) => id) ?? [];
  useEffect(() => {
    stored.tellAnswers(ids);
  }, [ids.join()]);
  return (
    <section aria-label="Stored studies" class="list">
      <Problem stored={stored} />
      {listing !== null && listing.studies.length === 0 && (
        <p class="hint">
          Nothing is kept yet. What <code>widthwise run</code> trains, and what is started on the
          server here, is listed.
        </p>
      )}
      <ul>
        {listing?.studies.map((study) => (
          <StudyEntry key={study.id} {...{ lab, stored, study }} />
        ))}
      </ul>
      {listing !== null && listing.more > 0 && (
        <p class="hint">
          {listing.more} older ones are not shown; <code>widthwise list</code> has all.
        </p>
      )}
      {listing !== null && <p class="hint path">in {listing.store}</p>}
    </section>
  );
}

function StudyEntry({ lab, stored, study }: Shown & { readonly study: ListedStudy }) {
  const { id, name, finished, fingerprint } = study;
  const underway = stored.stateOf(id);
  const isOpen = stored.isOpen(id);
  const others = stored.opened.map((one) => one.id).filter((one) => one !== id);
  const isBusy = isTraining(lab);
  const isAlone = study.isMap || stored.opened.some(({ isMap }) => isMap);
  const short = stored.answers.get(id)?.sentences.at(0);
  return (
    <li class={isOpen ? "entry open" : "entry"}>
      <div class="head">
        <button
          type="button"
          class="name"
          aria-pressed={isOpen}
          disabled={isBusy}
          onClick={() => void stored.open([id])}
        >
          {name}
        </button>
        {isAlone ? (
          study.isMap && <span class="lay">a map</span>
        ) : (
          <label class="lay">
            <input
              type="checkbox"
              aria-label={`lay ${name} over`}
              checked={isOpen}
              disabled={isBusy || (!isOpen && others.length >= MOST_LAID)}
              onChange={({ currentTarget }) =>
                void stored.open(currentTarget.checked ? [...others, id] : others)
              }
            />
            lay over
          </label>
        )}
      </div>
      <p class="made">{madeOf(study)}</p>
      {short !== undefined && <p class="short">{short}</p>}
      <p class="made">
        {underway !== undefined
          ? { training: "being trained", waiting: "waits for its turn", failed: underway.message }[
              underway.state
            ]
          : finished === null
            ? unfinished(study)
            : moment(finished)}
        {fingerprint !== null && (
          <>
            {" · "}
            <code title={fingerprint}>{fingerprint.slice(0, 12)}</code>
          </>
        )}
      </p>
      {finished !== null && <ReportLink id={id} name={name} />}
    </li>
  );
}

export function ReportLink({ id, name }: { readonly id: string; readonly name: string }) {
  return (
    <a href={reportAddress(id)} target="_blank" rel="noopener" aria-label={`Report of ${name}`}>
      Report
    </a>
  );
}

export function ClaimList({
  lab,
  stored,
  onStudy,
}: Shown & {
  /** The page's study has become the claim's. */
  readonly onStudy: () => void;
}) {
  const { claims } = stored;
  const kept = claims?.flatMap((claim) => claim.kept?.id ?? []) ?? [];
  useEffect(() => {
    stored.tellAnswers(kept);
  }, [kept.join()]);
  return (
    <section aria-label="Claims" class="list">
      <Problem stored={stored} />
      <ul>
        {claims?.map((claim) => (
          <ClaimEntry key={claim.name} {...{ lab, stored, claim, onStudy }} />
        ))}
      </ul>
    </section>
  );
}

function ClaimEntry({
  lab,
  stored,
  claim,
  onStudy,
}: Shown & { readonly claim: ListedClaim; readonly onStudy: () => void }) {
  const { name, text, quick, kept } = claim;
  const take = async (study: string) => {
    await lab.setText(study);
    onStudy();
  };
  const verdict = kept === null ? null : (stored.answers.get(kept.id)?.verdict ?? null);
  const isOpen = kept !== null && stored.isOpen(kept.id);
  return (
    <li class={isOpen ? "entry open" : "entry"}>
      <h3>{name}</h3>
      <p class="short">{claim.claim}</p>
      {verdict !== null && (
        <p class="verdict" data-verdict={verdict}>
          {verdict}
          {kept?.isQuick === true && ", in quick form"}
        </p>
      )}
      <p class="made">{timeOf(claim)}</p>
      <div class="buttons">
        {kept !== null && (
          <button
            type="button"
            class="quiet"
            aria-label={`Open what tests ${name}`}
            aria-pressed={isOpen}
            disabled={isTraining(lab)}
            onClick={() => void stored.open([kept.id])}
          >
            Open
          </button>
        )}
        <button
          type="button"
          class="quiet"
          aria-label={`Its study: ${name}`}
          onClick={() => void take(text)}
        >
          Its study
        </button>
        {quick !== null && (
          <button
            type="button"
            class="quiet"
            aria-label={`Quick form of ${name}`}
            onClick={() => void take(quick)}
          >
            Quick form
          </button>
        )}
        {kept !== null && verdict !== null && <ReportLink id={kept.id} name={name} />}
      </div>
    </li>
  );
}

/** What the page itself trains would be let go. */
function isTraining({ state, stored }: Lab): boolean {
  return stored.length === 0 && (state === "running" || state === "loading");
}

function Problem({ stored: { problem, isThere } }: { readonly stored: Stored }) {
  const told = isThere ? problem : "The server does not answer; start widthwise lab again.";
  return told === "" ? null : (
    <p class="problem" role="alert">
      {told}
    </p>
  );
}
