// The page as a whole: the study at its side, what comes of it beside.

import { useMapParts } from "../map/use-map-parts.ts";
import type { Lab } from "../model/lab.ts";
import { presets } from "../model/presets.ts";
import { Answer } from "./answer.tsx";
import { Controls } from "./controls.tsx";
import { Curves } from "./curves.tsx";
import { Failed } from "./failure.tsx";
import { InsideView } from "./inside.tsx";
import { useDrop, WantedFile } from "../form/own-file.tsx";
import { Proof } from "./proof.tsx";
import { Readout } from "./readout.tsx";
import { Search } from "./search.tsx";
import { StudyFold } from "../form/study-fold.tsx";
import { TakeAway } from "./take-away.tsx";
import { useLab } from "./use-lab.ts";
import { WidthsChart } from "./widths-chart.tsx";

export function App({ lab }: { lab: Lab }) {
  useLab(lab);
  const isOver = useDrop(lab);
  const parts = useMapParts(lab);
  const hasBegun = lab.lines.length > 0 || (lab.map !== null && lab.map.trained > 0);
  const { elsewhere } = lab;
  const isElsewhere = elsewhere?.isShown === true;
  const Training = isElsewhere && lab.started === lab.text ? elsewhere.views.Controls : Controls;
  return (
    <>
      <header class="top">
        <h1>
          widthwise <span>lab</span>
        </h1>
        <p>How does a network’s performance depend on its width?</p>
        <nav aria-label="Studies to begin with">
          {presets().map(({ title, text }) => (
            <button
              key={title}
              type="button"
              class="quiet"
              aria-pressed={lab.text === text}
              onClick={() => void lab.setText(text)}
            >
              {title}
            </button>
          ))}
        </nav>
      </header>
      <div class={isOver ? "house is-over" : "house"}>
        <aside aria-label="The study">
          <StudyFold lab={lab} />
        </aside>
        <main>
          <Training lab={lab} />
          <WantedFile lab={lab} />
          {lab.address.isTooShort && (
            <p class="problem" role="status">
              No address holds a study this long: neither a link nor a reload brings it back. Keep
              its file.
            </p>
          )}
          <Answer lab={lab} />
          {lab.map === null ? (
            <CurvesOf lab={lab} />
          ) : (
            parts !== null && <parts.MapView lab={lab} map={lab.map} />
          )}
          {hasBegun && <Proof lab={lab} />}
          {hasBegun && elsewhere?.isLaid !== true && <TakeAway lab={lab} />}
        </main>
      </div>
      <footer>
        <p>
          {elsewhere === null
            ? "Everything is trained in this page, on the kernel of the command line, and has its bits. "
            : "What is started here is trained in this page; what is started on the server, on its cores, and kept in its store. Both have the command line’s bits. "}
          {lab.memory !== null &&
            `${lab.memory.workers === 1 ? "One worker trains" : `${lab.memory.workers} workers train`}, ${
              lab.memory.shared
                ? "on shared memory"
                : `${lab.memory.workers === 1 ? "" : "each "}on memory of its own`
            }.`}
        </p>
      </footer>
      <Failed lab={lab} />
    </>
  );
}

function CurvesOf({ lab }: { lab: Lab }) {
  const hasBegun = lab.lines.length > 0;
  return (
    <>
      <Curves lab={lab} />
      {hasBegun && <Readout lab={lab} />}
      {hasBegun && (
        <div class="pair">
          <WidthsChart lab={lab} />
          <Search lab={lab} />
        </div>
      )}
      {hasBegun && lab.elsewhere?.isShown !== true && <InsideView lab={lab} />}
    </>
  );
}
