// What has failed, at the edge of the screen, wherever one is on the page.

import type { Lab } from "../model/lab.ts";

export function Failed({ lab: { failure } }: { lab: Lab }) {
  if (failure.sentence === "") return null;
  return (
    <div class="failure" role="alert">
      <p>{failure.sentence}</p>
      <button type="button" class="quiet">
        Close
      </button>
    </div>
  );
}
