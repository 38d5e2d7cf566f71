// Fields of the form: each is a path of the study, with the messages that its rules have.

import { useId, useState } from "preact/hooks";
import type { Lab } from "../model/lab.ts";
import { isMapping, valueAt, type Said } from "../model/schema.ts";

interface Of {
  readonly lab: Lab;
  readonly path: readonly string[];
}

/** The message where it is about this field or something in it, without the place in the file. */
function problemOf({ lab, path }: Of): string | null {
  const name = path.join(".");
  const place = lab.reading.problem?.places.find(
    ({ path }) => path === name || path.startsWith(`${name}[`) || path.startsWith(`${name}.`),
  );
  return place === undefined ? null : `${place.path}: ${place.message}`;
}

function Problem({ id, message }: { id: string; message: string | null }) {
  return message === null ? null : (
    <span class="field-problem" id={id}>
      {message}
    </span>
  );
}

/** A number, or whatever is written. */
function parsed(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  if (/^\[.*\]$|^\d+(\s*,\s*\d+)+$/.test(trimmed))
    return trimmed.replace(/[[\]]/g, "").split(",").map(parsed);
  const value = Number(trimmed);
  return Number.isNaN(value) ? trimmed : value;
}

function written(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function Field({
  lab,
  path,
  hint,
  disabled = false,
  isList = false,
  replaces,
}: Of & {
  readonly hint: string;
  readonly disabled?: boolean;
  /** A number alone is a list of it. */
  readonly isList?: boolean;
  /** Where the field is a part of what must be given whole. */
  readonly replaces?: {
    readonly path: readonly string[];
    readonly by: (value: unknown, said: Said) => unknown;
  };
}) {
  const id = useId();
  const said = written(valueAt(lab.reading.said, path));
  const { followed } = lab.address;
  /** What is typed is the field's until it is left, or another study is here. */
  const [typed, setTyped] = useState<{ text: string; followed: number } | null>(null);
  const problem = problemOf({ lab, path });
  const commit = (text: string) => {
    const one = parsed(text);
    const value = isList && typeof one === "number" ? [one] : one;
    lab.change(replaces?.path ?? path, (said) =>
      replaces === undefined ? value : replaces.by(value ?? 0, said),
    );
  };
  return (
    <div class="field">
      <label htmlFor={id}>{path.at(-1)}</label>
      <input
        id={id}
        type="text"
        inputMode={isList ? "text" : "decimal"}
        autocomplete="off"
        placeholder={hint}
        disabled={disabled}
        value={typed?.followed === followed ? typed.text : said}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : `${id}-problem`}
        onInput={({ currentTarget }) => {
          setTyped({ text: currentTarget.value, followed });
          commit(currentTarget.value);
        }}
        onBlur={() => {
          setTyped(null);
        }}
      />
      <Problem id={`${id}-problem`} message={problem} />
    </div>
  );
}

export function Select({
  lab,
  path,
  words,
  hint = "",
  replaces,
}: Of & {
  readonly words: readonly string[];
  /** What stands where nothing is said. */
  readonly hint?: string;
  /** What the mapping around it becomes with another word; left out, nothing else changes. */
  readonly replaces?: (word: string, said: Said) => unknown;
}) {
  const id = useId();
  const said = written(valueAt(lab.reading.said, path));
  const problem = problemOf({ lab, path });
  const key = path.at(-1) ?? "";
  return (
    <div class="field">
      <label htmlFor={id}>{key}</label>
      <select
        id={id}
        value={said}
        aria-invalid={problem !== null}
        onChange={({ currentTarget: { value } }) => {
          if (replaces === undefined) lab.change(path, () => value);
          else lab.change(path.slice(0, -1), (said) => replaces(value, said));
        }}
      >
        {!words.includes(said) && <option value={said}>{said === "" ? hint : said}</option>}
        {words.map((word) => (
          <option key={word} value={word}>
            {word}
          </option>
        ))}
      </select>
      <Problem id={`${id}-problem`} message={problem} />
    </div>
  );
}

/** "from 8, to 512, points 4". */
function rangeText(said: Readonly<Record<string, unknown>>): string {
  return Object.entries(said)
    .map(([key, value]) => `${key} ${String(value)}`)
    .join(", ");
}

/** A range is one of them, as a whole. */
function chipsOf(said: unknown): readonly unknown[] {
  if (isMapping(said)) return [rangeText(said)];
  return Array.isArray(said) ? said : [];
}

/** A list of numbers, each of which can be taken out; a range is taken out as a whole. */
export function Chips({ lab, path, name }: Of & { readonly name: string }) {
  const id = useId();
  const [typed, setTyped] = useState("");
  const isRange = isMapping(valueAt(lab.reading.said, path));
  const valuesIn = (said: Said) => chipsOf(valueAt(said, path));
  const values = valuesIn(lab.reading.said);
  const problem = problemOf({ lab, path });
  const add = () => {
    const added = [parsed(typed)].flat().filter((value) => value !== undefined);
    if (added.length === 0) return;
    setTyped("");
    lab.change(path, (said) => {
      const all = [...new Set([...valuesIn(said), ...added])];
      return all.every((value) => typeof value === "number") ? all.sort((a, b) => a - b) : all;
    });
  };
  return (
    <div class="field chips">
      <label htmlFor={id}>{name}</label>
      <ul aria-label={`${name}s`}>
        {values.map((value) => (
          <li key={String(value)}>
            <button
              type="button"
              class="chip"
              aria-label={`take out ${name} ${String(value)}`}
              onClick={({ detail }) => {
                lab.change(path, (said) => valuesIn(said).filter((one) => one !== value));
                // By keyboard: what had the focus goes.
                if (detail === 0) document.getElementById(id)?.focus();
              }}
            >
              {String(value)} <span aria-hidden="true">×</span>
            </button>
          </li>
        ))}
        <li>
          <input
            id={id}
            type="text"
            inputMode="numeric"
            autocomplete="off"
            disabled={isRange}
            placeholder="add"
            value={typed}
            aria-describedby={problem === null ? undefined : `${id}-problem`}
            onInput={({ currentTarget }) => {
              setTyped(currentTarget.value);
            }}
            onKeyDown={(event) => {
              if (event.key === "Enter") add();
            }}
            onBlur={add}
          />
        </li>
      </ul>
      <Problem id={`${id}-problem`} message={problem} />
    </div>
  );
}
