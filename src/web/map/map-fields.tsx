// The part of the form that is a map's: the ends of its axes, what it shows, how far it is refined.

import { useId } from "preact/hooks";
import type { Lab } from "../model/lab.ts";
import { valueAt } from "../model/schema.ts";
import { Chips, Field } from "../form/fields.tsx";
import type { MapModel } from "./map-model.ts";
import type { OutlineAxis } from "./outline.ts";

const HALVINGS = Array.from({ length: 10 }, (_, times): [string, string] => [
  String(times),
  times === 0 ? "not at all" : times === 1 ? "once" : `${times} times`,
]);

export function MapFields({ lab, map }: { lab: Lab; map: MapModel }) {
  const { x, y, of, values, asked, refine } = map.outline;
  const set = (changed: object) => {
    lab.change(["ask", asked], (said) => {
      const ask = valueAt(said, ["ask"]);
      const question: unknown = Array.isArray(ask) ? ask[asked] : undefined;
      return { name: "map", ...(typeof question === "object" && question), ...changed };
    });
  };
  return (
    <>
      {[x, y].map((axis, index) => (
        <fieldset key={axis.axis}>
          <legend>
            {index === 0 ? "across" : "upwards"}: {axis.axis}
          </legend>
          <Axis lab={lab} axis={axis} />
        </fieldset>
      ))}
      <fieldset>
        <legend>map</legend>
        <Choice
          {...{ name: "of", value: of, words: values.map((one) => [one, one]) }}
          onChoose={(value) => {
            set({ of: value });
          }}
        />
        <Choice
          {...{ name: "refine", value: String(refine), words: HALVINGS }}
          onChoose={(value) => {
            set({ refine: Number(value) });
          }}
        />
      </fieldset>
    </>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly value: string;
  readonly words: readonly (readonly [value: string, word: string])[];
  readonly onChoose: (value: string) => void;
}

function Choice({ name, value, words, onChoose }: ChoiceProps) {
  const id = useId();
  return (
    <div class="field">
      <label htmlFor={id}>{name}</label>
      <select
        id={id}
        value={value}
        onChange={({ currentTarget }) => {
          onChoose(currentTarget.value);
        }}
      >
        {words.map(([one, word]) => (
          <option key={one} value={one}>
            {word}
          </option>
        ))}
      </select>
    </div>
  );
}

function Axis({ lab, axis: { axis, points } }: { lab: Lab; axis: OutlineAxis }) {
  const path = ["sweep", axis];
  if (points === null) return <Chips lab={lab} path={path} name={axis} />;
  return (
    <>
      {["from", "to", "points"].map((key) => (
        <Field key={key} lab={lab} path={[...path, key]} hint="" />
      ))}
    </>
  );
}
