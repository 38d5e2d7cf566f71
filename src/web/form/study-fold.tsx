// The study's form at the side, or where there is no side: folded above what comes of it, with Start always at hand.

import { useEffect, useState } from "preact/hooks";
import type { Lab } from "../model/lab.ts";
import { StudyPanel } from "./study-panel.tsx";
import { useMedia } from "../view/use-lab.ts";

export function StudyFold({ lab }: { lab: Lab }) {
  const isNarrow = useMedia("(max-width: 62rem)");
  const [isOpen, setOpen] = useState(false);
  const hasMistake = lab.reading.problem !== null;
  useEffect(() => {
    setOpen(false);
  }, [lab.started]);
  if (!isNarrow) return <StudyPanel lab={lab} />;
  return (
    <details
      class="fold"
      open={isOpen || hasMistake}
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open);
      }}
    >
      <summary>{isOpen ? "The study" : "Change the study"}</summary>
      <StudyPanel lab={lab} />
    </details>
  );
}
