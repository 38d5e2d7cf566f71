// What the page has more where a server is behind it; loaded then alone.

import type { Elsewhere } from "../model/elsewhere.ts";
import type { Lab } from "../model/lab.ts";
import { ServerControls, StartButton } from "./controls.tsx";
import { ClaimList, StudyList } from "./lists.tsx";
import { Stored } from "./stored.ts";

export function serve(lab: Lab): void {
  const stored = new Stored(lab);
  lab.elsewhere = Object.assign(stored, {
    views: {
      Studies: ({ lab }) => <StudyList {...{ lab, stored }} />,
      Claims: ({ lab, onStudy }) => <ClaimList {...{ lab, stored, onStudy }} />,
      Controls: ({ lab }) => <ServerControls {...{ lab, stored }} />,
      Start: ({ lab }) => <StartButton {...{ lab, stored }} />,
    } satisfies Elsewhere<Lab>["views"],
  });
  if (lab.stored.length > 0) void stored.open(lab.stored);
  lab.tell();
}
