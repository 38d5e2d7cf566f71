// The momentum of a study's steps as its form changes it: what else the study says of them stays.

import { isMapping } from "../model/schema.ts";

/** Whether steps as they are said may have momentum; where nothing is said they may. */
export function takesMomentum(optimizer: unknown): boolean {
  return (isMapping(optimizer) ? optimizer.kind : (optimizer ?? "sgd")) === "sgd";
}

/** What the study says of its steps then; undefined where that is nothing. */
export function withMomentum(optimizer: unknown, momentum: unknown): unknown {
  const said = isMapping(optimizer) ? optimizer : { kind: "sgd" };
  if (momentum !== 0) return { ...said, momentum };
  const left = Object.entries(said).filter(([name]) => name !== "momentum");
  return left.length > 1 ? Object.fromEntries(left) : undefined;
}
