// Which axis a question's numbers go against.

import type { AskedStudy } from "../../study/catalogue.ts";

/** The end of a refusal where `against` is not swept; null where it is. */
export function lackingAxis({ sweep }: Pick<AskedStudy, "sweep">, against: string): string | null {
  const axes = [...(sweep.width.length > 0 ? ["width"] : []), ...Object.keys(sweep.paths ?? {})];
  if (axes.includes(against)) return null;
  return axes.length === 0
    ? "stands against an axis, and nothing is swept; sweep width, say"
    : `stands against ${against}, which is not swept; write against: ${axes.join(" or ")}`;
}
