// A look inside one network, at the pass that is looked at.

import { useEffect, useState } from "preact/hooks";
import type { Lab } from "../model/lab.ts";
import { rowAt, type Line } from "../model/lines.ts";
import type { Inside, Miss } from "../protocol.ts";
import { told } from "../told.ts";
import { Picture } from "./pictures.tsx";
import { useDark } from "./use-lab.ts";
import { passes, percent } from "./words.ts";

export function InsideView({ lab }: { lab: Lab }) {
  const { lines, shown, inside: line } = lab;
  const [inside, setInside] = useState<Inside | null>(null);
  const [problem, setProblem] = useState("");
  const trial = line?.trials.at(0);
  const pass = Math.min(shown, trial?.rows.at(-1)?.pass ?? 0);
  const isStill = lab.state !== "running" || lab.pass !== null;
  useEffect(() => {
    setInside(null);
  }, [trial?.key]);
  useEffect(() => {
    if (trial === undefined || !isStill) return;
    let isWanted = true;
    // Not while the pass is being dragged.
    const timer = setTimeout(() => {
      lab.engine.call("inspect", trial.key, pass).then(
        (found) => {
          if (isWanted) setInside(found);
          setProblem("");
        },
        (error: unknown) => {
          if (isWanted) setProblem(told(error));
        },
      );
    }, 250);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [trial?.key, pass, isStill]);
  const isSame =
    inside !== null &&
    trial !== undefined &&
    rowAt(trial.rows, inside.pass)?.fingerprint === inside.fingerprint;
  return (
    <section aria-labelledby="inside-title" class="inside">
      <h2 id="inside-title">Look inside</h2>
      <fieldset class="choice">
        <legend>Width</legend>
        {lines.map((one) => (
          <label key={one.name}>
            <input
              type="radio"
              name="inside"
              checked={one === line}
              onChange={() => {
                lab.setInside(one);
              }}
            />
            <span>{one.name}</span>
          </label>
        ))}
      </fieldset>
      {problem !== "" && <p class="problem">{problem}</p>}
      {line === undefined ? (
        <p class="hint">
          Choose a width to see what its hidden units have learned, and what it still has wrong.
        </p>
      ) : inside === null ? (
        <p class="hint">
          {isStill
            ? "Training it up to this pass again …"
            : "Pause, or go back to a pass, to look inside."}
        </p>
      ) : (
        <Found inside={inside} isSame={isSame} of={seedOf(line)} />
      )}
    </section>
  );
}

function Found({
  inside,
  isSame,
  of,
}: {
  readonly inside: Inside;
  readonly isSame: boolean;
  readonly of: string;
}) {
  const dark = useDark();
  const { units, image, layers, hidden, dead, looked, misses, wrong, confident } = inside;
  const { classNames: names } = inside;
  const layer = layers > 1 ? " of the first layer" : "";
  return (
    <>
      <p>
        This is the network after {passes(inside.pass)}
        {of}
        {isSame && ", to the bit that of the curve"}.
        {hidden > 0 &&
          ` ${dead} of ${hidden} hidden units${layer} ${dead === 1 ? "is" : "are"} dead: at rest on all of ${looked.train} training examples.`}
      </p>
      <h3>
        What the hidden units{layer} weigh
        {units.length < hidden && `, the ${units.length} with the largest output weights`}
      </h3>
      {hidden > 0 && (
        <p class="hint">
          {image !== null && "Orange weighs above zero, blue below. "}
          The number is the length of a unit’s output weights.
        </p>
      )}
      <div class="pictures">
        {units.map(({ weights, norm, dead }, index) => (
          <figure key={index} class={dead ? "dead" : ""}>
            <Picture
              {...{ values: weights, image, dark, signed: true }}
              label={`unit ${index + 1}, output weight ${norm.toFixed(2)}${dead ? ", dead" : ""}`}
            />
            <figcaption>{dead ? "dead" : norm.toFixed(2)}</figcaption>
          </figure>
        ))}
      </div>
      <Misses
        title={`Training examples still wrong: ${misses} of ${looked.train}${misses > wrong.length ? `, the first ${wrong.length}` : ""}`}
        {...{ all: wrong, names, image, dark }}
      />
      <Misses
        title={`Test examples wrong with most confidence, of the first ${looked.test}`}
        {...{ all: confident, names, image, dark }}
      />
      <Confusion {...inside} looked={looked.test} />
    </>
  );
}

/** Which of several seeds' networks is looked at. */
function seedOf({ trials }: Pick<Line, "trials"> = { trials: [] }): string {
  return trials.length > 1 ? ` of seed ${String(trials[0].point.seed)}` : "";
}

function Misses({
  title,
  all,
  names,
  image,
  dark,
}: {
  readonly title: string;
  readonly all: readonly Miss[];
  readonly names: Inside["classNames"];
  readonly image: Inside["image"];
  readonly dark: boolean;
}) {
  return (
    <>
      <h3>{title}</h3>
      <div class="pictures">
        {all.map(({ label, predicted, confidence, values }, index) => (
          <figure key={index}>
            <Picture
              {...{ values, image, dark, signed: false }}
              label={`class ${names[label]}, taken for ${names[predicted]}, confidence ${percent(confidence)}`}
            />
            <figcaption>
              {names[label]} as {names[predicted]}
              <br />
              {percent(confidence)}
            </figcaption>
          </figure>
        ))}
      </div>
    </>
  );
}

function Confusion({
  confusion,
  classNames: names,
  looked,
}: Pick<Inside, "confusion" | "classNames"> & { readonly looked: number }) {
  if (confusion.length > 20) return null;
  const most = Math.max(
    1,
    ...confusion.flatMap((row, label) => row.filter((_, to) => to !== label)),
  );
  return (
    <>
      <h3>Confusion of {looked} test examples</h3>
      <div class="scroll" tabIndex={0} role="region" aria-label="Confusion matrix">
        <table class="confusion">
          <thead>
            <tr>
              <th scope="col">class ↓ taken for →</th>
              {confusion.map((_, to) => (
                <th key={to} scope="col">
                  {names[to]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {confusion.map((row, label) => (
              <tr key={label}>
                <th scope="row">{names[label]}</th>
                {row.map((count, to) => (
                  <td
                    key={to}
                    class={to === label ? "right" : ""}
                    style={to === label ? {} : { "--share": String(count / most) }}
                  >
                    {count === 0 ? "" : count}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
