// The study: as a form with the names of its file, and as the file itself.

import { useId } from "preact/hooks";
import { useMapParts } from "../map/use-map-parts.ts";
import { TABS, type Tab } from "../model/address.ts";
import type { Lab } from "../model/lab.ts";
import { datasetNames, datasetSettings, valueAt, wordsAt } from "../model/schema.ts";
import { Chips, Field, Select } from "./fields.tsx";
import { takesMomentum, withMomentum } from "./momentum.ts";
import { OwnFile } from "./own-file.tsx";

const TITLES: Readonly<Record<Tab, string>> = {
  form: "Study",
  yaml: "YAML",
  stored: "Stored",
  claims: "Claims",
};

/** Those of a page without a server. */
const OWN_TABS: readonly Tab[] = ["form", "yaml"];

export function StudyPanel({ lab }: { lab: Lab }) {
  const id = useId();
  const { problem } = lab.reading;
  const views = lab.elsewhere?.views;
  const tabs = views ? TABS : OWN_TABS;
  const tab = tabs.includes(lab.tab) ? lab.tab : "form";
  return (
    <>
      <div class="tabs" role="tablist" aria-label="The study as">
        {tabs.map((name, place) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            aria-selected={tab === name}
            aria-controls={`${id}-panel`}
            tabIndex={tab === name ? 0 : -1}
            onClick={() => {
              lab.setTab(name);
            }}
            onKeyDown={({ key }) => {
              if (key !== "ArrowLeft" && key !== "ArrowRight") return;
              const step = key === "ArrowLeft" ? -1 : 1;
              const other = tabs[(place + step + tabs.length) % tabs.length];
              lab.setTab(other);
              document.getElementById(`${id}-${other}`)?.focus();
            }}
          >
            {TITLES[name]}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`}>
        {tab === "form" && <Form lab={lab} />}
        {tab === "yaml" && <Yaml lab={lab} />}
        {tab === "stored" && views && <views.Studies lab={lab} />}
        {tab === "claims" && views && (
          <views.Claims
            lab={lab}
            onStudy={() => {
              lab.setTab("form");
            }}
          />
        )}
      </div>
      {problem !== null && (
        <p class="problem" role="alert">
          {problem.message}
        </p>
      )}
    </>
  );
}

function Yaml({ lab }: { lab: Lab }) {
  return (
    <textarea
      class="yaml"
      aria-label="The study’s file"
      spellcheck={false}
      rows={Math.max(24, lab.text.split("\n").length + 1)}
      value={lab.text}
      onInput={({ currentTarget }) => void lab.setText(currentTarget.value)}
    />
  );
}

function Form({ lab }: { lab: Lab }) {
  const { said } = lab.reading;
  const { schema } = lab;
  const parts = useMapParts(lab);
  const rate = valueAt(said, ["training", "learning_rate"]);
  const searches = rate === "eta_star / 2";
  const ownFile = valueAt(said, ["dataset", "path"]);
  const optimizer = ["training", "optimizer"];
  return (
    <form
      class="study"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      {lab.map !== null && parts !== null && <parts.MapFields lab={lab} map={lab.map} />}
      <fieldset>
        <legend>dataset</legend>
        <Select
          lab={lab}
          path={["dataset", "name"]}
          words={datasetNames(schema)}
          hint={ownFile === undefined ? "" : "your own file"}
          replaces={(name, said) => {
            const examples = valueAt(said, ["dataset", "examples"]);
            return { name, ...(examples !== undefined && { examples }) };
          }}
        />
        <OwnFile lab={lab} />
        <Field lab={lab} path={["dataset", "examples"]} hint="all" />
        <Field lab={lab} path={["dataset", "label_noise"]} hint="0" />
        {datasetSettings(schema, said).length > 0 && (
          <details>
            <summary>its settings</summary>
            {datasetSettings(schema, said).map(({ key, byDefault }) => (
              <Field key={key} lab={lab} path={["dataset", key]} hint={byDefault} />
            ))}
          </details>
        )}
      </fieldset>
      <fieldset>
        <legend>model</legend>
        {lab.map === null && <Chips lab={lab} path={["sweep", "width"]} name="width" />}
        <Select
          lab={lab}
          path={["model", "activation"]}
          words={wordsAt(schema, ["model", "activation"], said)}
          hint="relu"
        />
      </fieldset>
      <fieldset>
        <legend>training</legend>
        <Field lab={lab} path={["training", "learning_rate"]} disabled={searches} hint="0.01" />
        <label class="check">
          <input
            type="checkbox"
            checked={searches}
            onChange={({ currentTarget }) => {
              const rate = currentTarget.checked
                ? "eta_star / 2"
                : (lab.lines.at(0)?.trials[0].learningRate ?? 0.01);
              lab.change(["training", "learning_rate"], () => rate);
            }}
          />
          find η*, train with half of it
        </label>
        <Field lab={lab} path={["training", "batch"]} hint="1" />
        <Field
          lab={lab}
          path={[...optimizer, "momentum"]}
          hint="0"
          disabled={!takesMomentum(valueAt(said, optimizer))}
          replaces={{
            path: optimizer,
            by: (value, said) => withMomentum(valueAt(said, optimizer), value),
          }}
        />
        <Field lab={lab} path={["training", "passes"]} hint="" />
      </fieldset>
      <fieldset>
        <legend>streams</legend>
        <Field lab={lab} path={["streams", "seeds"]} hint="0" isList />
      </fieldset>
    </form>
  );
}
