// A resolved study as its file would say it: without the defaults that a file must not name, and with what is swept at
// sweep alone.

import { bySection, searchesWidth, unswept } from "../axes/axes.ts";
import type { Study } from "../spec.ts";
import { examplesOf } from "./sections.ts";

/** What parseStudy makes `study` of. */
export function written(study: Study): object {
  const { width, paths = {}, zip, ranges } = study.sweep;
  const isSearched = searchesWidth(study);
  const isSwept = width.length > 0 || Object.keys(paths).length > 0;
  const swept = Object.entries(paths).map(([path, [first]]) => [path, first] as const);
  const sections = bySection(swept).map(([name]) => [
    name,
    name === "dataset"
      ? { ...sourceOf(study.dataset), ...unswept(study, name) }
      : unswept(study, name),
  ]);
  const told = { ...study, ...(Object.fromEntries(sections) as Partial<Study>) };
  return {
    ...told,
    model: byLayers(told.model),
    // A width that nothing sweeps is none to search at.
    search: width.length > 0 || isSearched ? study.search : { factor: study.search.factor },
    streams: isSearched ? { ...study.streams, seeds: undefined } : study.streams,
    sweep: isSwept
      ? { ...(width.length > 0 && { width }), ...paths, ...ranges, ...(zip && { zip }) }
      : undefined,
  };
}

/** Deviations of several layers are said at init alone. */
function byLayers(model: Study["model"]): object {
  const { init_std: std, ...others } = model;
  return Array.isArray(std) ? { ...others, init: { kind: "normal", std } } : model;
}

function sourceOf(dataset: Study["dataset"]): object {
  const examples = examplesOf(dataset);
  return Object.fromEntries(
    Object.entries(dataset).filter(([key]) => !Object.hasOwn(examples, key)),
  );
}
