// The user's own data set: chosen or dropped, and what the page knows of it.

import { useEffect, useId, useState } from "preact/hooks";
import { chosen, handedBy } from "../data/dropped.ts";
import type { Lab } from "../model/lab.ts";
import { valueAt } from "../model/schema.ts";
import type { OwnData } from "../protocol.ts";

const ACCEPTED = ".csv,.tsv,.txt,.npz,.gz,application/gzip";

/** In the form. */
export function OwnFile({ lab }: { lab: Lab }) {
  const { data, isReading, problem, isMissing } = lab.own;
  const found = data?.found;
  return (
    <div class="own-file">
      <Choose lab={lab}>{data === null ? "Your own file …" : "Another file …"}</Choose>
      {isReading && <p class="hint">Reading it …</p>}
      {data === null && problem === "" && !isReading && (
        <p class="hint">
          CSV, .npz or four IDX files, dropped anywhere. They stay on this machine.
        </p>
      )}
      {isMissing && <p class="hint">{wanted(lab)} is not here yet.</p>}
      {found && (
        <p class="hint">
          {fileName(lab)}: {found.train} training and {found.test} test examples of {found.size}{" "}
          {found.size === 1 ? "value" : "values"}, {found.classes} classes
          {namesOf(found)}. Its digest: <code class="digest">{found.digest}</code>
        </p>
      )}
    </div>
  );
}

/** Beside what is trained: which file a study that came by a link is waiting for, that it got another one, or what is wrong with it. */
export function WantedFile({ lab }: { lab: Lab }) {
  const { data, isMissing, linked, problem } = lab.own;
  const found = data?.found?.digest;
  const isOther = found !== undefined && linked !== null && found !== linked;
  if (problem !== "")
    return (
      <p class="problem" role="alert">
        {problem}
      </p>
    );
  if (lab.elsewhere?.isShown === true || (!isMissing && !isOther)) return null;
  return (
    <section class="wanted" aria-label="The study’s file" role="status">
      {isOther ? (
        <p>
          The {fileName(lab)} that is here is another one than the link’s, whose digest is{" "}
          <code class="digest">{linked}</code>: expect other curves, or drop that one.
        </p>
      ) : (
        <>
          <p>
            This study trains on <strong>{wanted(lab)}</strong>, which no link can hold. Drop it on
            this page to start; it stays on this machine.
            {linked !== null && (
              <>
                {" "}
                Its digest is to be <code class="digest">{linked}</code>
              </>
            )}
          </p>
          <Choose lab={lab}>Choose the file …</Choose>
        </>
      )}
    </section>
  );
}

function Choose({ lab, children }: { lab: Lab; children: string }) {
  const id = useId();
  return (
    <>
      <input
        id={id}
        class="file-input"
        type="file"
        multiple
        accept={ACCEPTED}
        onChange={({ currentTarget }) => {
          void lab.hand(chosen([...(currentTarget.files ?? [])]));
          currentTarget.value = "";
        }}
      />
      <label class="file-button" htmlFor={id}>
        {children}
      </label>
    </>
  );
}

/** Takes files that are dropped anywhere on the page; whether some are held over it. */
export function useDrop(lab: Lab): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    const holdsFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes("Files");
    const over = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    addEventListener("dragover", over, { signal });
    addEventListener(
      "dragleave",
      ({ relatedTarget }) => {
        if (relatedTarget === null) setOver(false);
      },
      { signal },
    );
    addEventListener(
      "drop",
      (event) => {
        setOver(false);
        if (!holdsFiles(event) || event.dataTransfer === null) return;
        event.preventDefault();
        void handedBy(event.dataTransfer).then((handed) => lab.hand(handed));
      },
      { signal },
    );
    return () => {
      ending.abort();
    };
  }, [lab]);
  return isOver;
}

export function fileName(lab: Lab): string {
  return told(String(valueAt(lab.reading.said, ["dataset", "path"])));
}

function wanted({ own }: Lab): string {
  return (own.data?.missing ?? []).map(told).join(" and ");
}

function told(path: string): string {
  return path === "." ? "a folder of four IDX files" : (path.split("/").at(-1) ?? path);
}

/** Names that are told. */
const MOST_NAMES = 12;

/** " (setosa, versicolor, virginica)" */
function namesOf({ classNames = [] }: NonNullable<OwnData["found"]>): string {
  if (classNames.length === 0) return "";
  const more = classNames.length > MOST_NAMES ? ", …" : "";
  return ` (${classNames.slice(0, MOST_NAMES).join(", ")}${more})`;
}
