// Draws a part of the page anew when the lab's state has changed.

import { useEffect, useReducer, useState } from "preact/hooks";
import type { Lab } from "../model/lab.ts";

export function useLab(lab: Lab): void {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(
    () =>
      lab.subscribe(() => {
        redraw(undefined);
      }),
    [lab],
  );
}

/** Whether a media query holds, now and later. */
export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const listen = () => {
      setMatches(list.matches);
    };
    list.addEventListener("change", listen);
    return () => {
      list.removeEventListener("change", listen);
    };
  }, [query]);
  return matches;
}

export function useDark(): boolean {
  return useMedia("(prefers-color-scheme: dark)");
}
