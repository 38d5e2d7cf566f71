// The map's parts of the page, loaded when there is a map.

import { useEffect, useState } from "preact/hooks";
import type { Lab } from "../model/lab.ts";

type Parts = typeof import("./parts.ts");

export function useMapParts({ map }: Lab): Parts | null {
  const [parts, setParts] = useState<Parts | null>(null);
  const isWanted = map !== null;
  useEffect(() => {
    if (isWanted) void import("./parts.ts").then(setParts);
  }, [isWanted]);
  return parts;
}
