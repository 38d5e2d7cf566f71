// What a report claims of a study, read from its summary, and trained anew: whether it is so can be told without the
// store that it came from.

import * as z from "zod";
import { isTrainedBy } from "../../analysis/map/cells.ts";
import { InputError } from "../../base/errors.ts";
import { oneLine } from "../../base/quote.ts";
import { BEGINNING, studyFingerprint, trialKey } from "../../records/fingerprint.ts";
import { pointKey, pointText, type Point } from "../../records/point.ts";
import type { KeptMeasurement } from "../../records/measured.ts";
import type { TrialRecord } from "../../records/record.ts";
import type { Sha256 } from "../../base/sha256.ts";
import { NUMERICS_VERSION } from "../../model/trial.ts";
import { pointCount } from "../axes/axes.ts";
import { needsOf, type StudyCatalogue } from "../catalogue.ts";
import { follow } from "../follow.ts";
import { searchedValues, searchTrial } from "../plans/learning-rate.ts";
import { mapTrialsOf } from "../plans/map.ts";
import type { DatasetSize, PlannedTrial } from "../plans/plan.ts";
import { needs, needsSweep, rateAt, studyPlan, trainsAtRate } from "../plans/study-plan.ts";
import { perturbedPlan, type Perturbing } from "../plans/perturbed.ts";
import { sweepPlan, sweepTrials, type Rate } from "../plans/sweep.ts";
import { MOST_SEEDS } from "../plans/threshold-search.ts";
import { MAX_WIDTH } from "../language/width.ts";
import { claimedRates, claimedRateTrials } from "./claimed-rates.ts";
import { idOf, resultOf, withMeasured, type StudyResult } from "../result.ts";
import type { Study } from "../spec.ts";
import * as schema from "../language/schema.ts";
import { written } from "../language/written.ts";

const fingerprint = z.string().regex(/^[0-9a-f]{64}$/);
/** Of many trials, one after the other. */
const beginnings = z.string().regex(new RegExp(`^([0-9a-f]{${BEGINNING}})*$`));
const rate = z.number().positive();
/** Of axes beside the width. */
const values = z.record(z.string(), z.union([z.number(), z.string()]));
const passCount = z.number().int().nonnegative().nullable();

const mapping = z.record(z.string(), z.unknown());

/** As its file would say it, so that the rules of files read it. */
const specification = (catalogue: StudyCatalogue) =>
  z.preprocess((value) => {
    const resolved = z
      .looseObject({
        ...{ dataset: mapping, training: mapping, search: mapping },
        model: z.looseObject({ hidden: z.array(z.unknown()) }),
        sweep: z.looseObject({
          width: z.array(z.number()),
          paths: z.record(z.string(), z.array(z.unknown()).min(1)).optional(),
          within: z.record(z.string(), mapping).optional(),
        }),
      })
      .safeParse(value);
    return resolved.success ? written(resolved.data as unknown as Study) : value;
  }, schema.study(catalogue));

/** What of a summary (report/summary.ts) is needed; what it says besides stays as it is. */
const claimsOf = (catalogue: StudyCatalogue) =>
  z.looseObject({
    specification: specification(catalogue),
    dataset: z.looseObject({ digest: fingerprint }),
    eta_star: rate.nullable().default(null),
    learning_rate: rate.nullable().default(null),
    search: z
      .array(
        z.looseObject({
          ...{ learning_rate: rate, fingerprint },
          seed: z.number().int().optional(),
          values: values.optional(),
        }),
      )
      .max(1_000_000)
      .nullable()
      .default(null),
    searches: z
      .array(z.looseObject({ values, eta_star: rate }))
      .max(10_000)
      .optional(),
    passes_to_interpolation: byPoint(passCount).optional(),
    stable_learning_rate: claimedRates.optional(),
    rounding_or_seed: z
      .looseObject({ fingerprints: z.record(z.string(), z.array(fingerprint)) })
      .optional(),
    fingerprints: z.union([byPoint(fingerprint), beginnings]),
    fingerprint,
    map: z.looseObject({ trained: z.string().max(1_000_000).optional() }).optional(),
    versions: z.record(z.string(), z.union([z.string(), z.number()])),
  });

export type Claims = z.infer<ReturnType<typeof claimsOf>>;

function byPoint<Value extends z.ZodType>(value: Value) {
  return z.record(z.string(), z.union([value, z.array(value)]));
}

/** Throws InputError, one sentence that begins with `file`, where `summary` does not claim what a report does. */
export function parseClaims(summary: unknown, file: string, catalogue: StudyCatalogue): Claims {
  const isOld = typeof summary === "object" && summary !== null && !("specification" in summary);
  if (isOld && "fingerprints" in summary)
    throw new InputError(
      `${file}: it does not say what was trained, as a report of an older widthwise; write it anew with widthwise report`,
    );
  const result = claimsOf(catalogue).safeParse(summary);
  if (!result.success) {
    const { path, message } = result.error.issues[0];
    const place = path.map(String).join(".");
    throw new InputError(
      `${file}: not what a report says of a study (${oneLine(`${place}: ${message}`).slice(0, 200)})`,
    );
  }
  const { versions } = result.data;
  if (versions.numerics !== NUMERICS_VERSION)
    throw new InputError(
      `${file}: its numbers are of version ${oneLine(String(versions.numerics)).slice(0, 20)} of the numerics; this widthwise computes those of version ${NUMERICS_VERSION}`,
    );
  return result.data;
}

/** A trial as a report claims that it ends. */
export interface ClaimedTrial {
  readonly key: string;
  readonly planned: PlannedTrial;
  /** Of many trials its beginning. */
  readonly fingerprint: string;
  /** Passes to interpolation; left out for a search's trial. */
  readonly interpolation?: number | null;
}

/** All trials, the search's first. Throws InputError where there are not as many claims as trials. */
export function claimedTrials(
  {
    specification: study,
    search,
    searches,
    learning_rate,
    fingerprints,
    map: { trained = "" } = {},
    passes_to_interpolation: passes,
    stable_learning_rate: stable = { trials: [] },
    rounding_or_seed: moved,
  }: Claims,
  dataset: DatasetSize,
  catalogue: StudyCatalogue,
  sha256: Sha256,
  file: string,
): ClaimedTrial[] {
  const seeds = study.streams.kind === "named" ? study.streams.seeds.length : 1;
  const isSwept = needsSweep(study, catalogue);
  const isTrained = trainsAtRate(study, catalogue);
  if (isTrained && learning_rate === null)
    throw new InputError(`${file}: it tells no learning rate, but its study trains at one`);
  const map = study.ask?.find((one) => needsOf(catalogue, one) === "map");
  const begun =
    typeof fingerprints === "string"
      ? (fingerprints.match(new RegExp(`.{${BEGINNING}}`, "g")) ?? [])
      : null;
  const isTold = (point: Point, place: number) =>
    typeof fingerprints === "string"
      ? isTrainedBy(trained, place)
      : Object.hasOwn(fingerprints, pointKey(point));
  const isVisited = needs("threshold", study, catalogue) && typeof fingerprints !== "string";
  const rates = searches?.map(({ eta_star }) => eta_star / 2) ?? [learning_rate ?? NaN];
  const visited = isVisited
    ? claimedVisits(study, rateAt(study, rates), fingerprints, dataset, file)
    : map === undefined
      ? []
      : mapTrialsOf(study, dataset, learning_rate ?? NaN, map, isTold);
  const count = isSwept ? pointCount(study) * seeds : visited.length;
  // Before the plan is made: what is claimed bounds it.
  const tellsPasses = passes !== undefined || study.ask === undefined;
  const told = begun ?? fingerprints;
  const sizes = [told, tellsPasses ? (passes ?? {}) : told].map(
    (column) => Object.values(column).flat().length,
  );
  if (sizes.some((size) => size !== count))
    throw new InputError(
      `${file}: its study has ${count} trials, but it tells the fingerprints of ${sizes[0]} and the passes of ${sizes[1]}`,
    );
  if (isTrained && search === null && study.training.learning_rate === "eta_star / 2")
    throw new InputError(
      `${file}: it tells no search for the learning rate, but its study asks for one`,
    );
  const keyOf = ({ trial }: PlannedTrial) => trialKey(trial.specification, sha256);
  const searched = (typeof study.training.learning_rate === "number" ? [] : (search ?? [])).map(
    (probe): ClaimedTrial => {
      const { values = {}, seed } = probe;
      const at = { values, ...(seed !== undefined && { seed }) };
      const planned = searchTrial(study, dataset, probe.learning_rate, at);
      return { key: keyOf(planned), planned, fingerprint: probe.fingerprint };
    },
  );
  const next = isSwept
    ? sweepPlan(study, dataset, rateAt(study, rates))(() => undefined)
    : { trials: visited };
  const planned = "trials" in next ? next.trials : visited;
  const swept = [...planned].map((one, index): ClaimedTrial => {
    // Within each point the seeds in their order.
    const at = isVisited ? Number(one.point.seed) : index % seeds;
    const key = pointKey(one.point);
    const claimed =
      typeof fingerprints === "string" ? begun?.at(index) : [fingerprints[key]].flat().at(at);
    const interpolation = [passes?.[key]].flat().at(at);
    if (claimed === undefined || (passes && interpolation === undefined))
      throw new InputError(
        `${file}: it tells nothing of ${pointText({ ...one.point, seed: null })}`,
      );
    const trial = { key: keyOf(one), planned: one, fingerprint: claimed };
    return interpolation === undefined ? trial : { ...trial, interpolation };
  });
  const rated = (needs("rates", study, catalogue) ? [stable] : []).flatMap((claimed) =>
    claimedRateTrials(study, dataset, claimed, file),
  );
  const rate = rateAt(study, rates);
  const perturbed = claimedPerturbed(study, dataset, rate, catalogue, moved?.fingerprints, file);
  const further = [...rated, ...perturbed];
  return [...searched, ...swept, ...further.map((one) => ({ ...one, key: keyOf(one.planned) }))];
}

/** Those with moved initial weights, where the study asks for some. Throws InputError where others are told of. */
function claimedPerturbed(
  study: Study,
  dataset: DatasetSize,
  rate: Rate,
  catalogue: StudyCatalogue,
  told: Readonly<Partial<Record<string, readonly string[]>>> = {},
  file: string,
): Pick<ClaimedTrial, "planned" | "fingerprint">[] {
  const asked = study.ask?.find((one) => needsOf(catalogue, one) === "perturbed");
  if (asked === undefined) return [];
  const { perturbations, seeds } = asked as unknown as Perturbing;
  // Before the plan is made: what is claimed bounds it.
  const own = study.streams.kind === "named" ? study.streams.seeds.length : 1;
  const count = pointCount(study) * Math.min(seeds, own) * perturbations;
  const size = Object.values(told).flat().length;
  if (size !== count)
    throw new InputError(
      `${file}: its study has ${count} perturbed trials, but it tells the fingerprints of ${size}`,
    );
  const next = perturbedPlan(study, dataset, rate, { perturbations, seeds })(() => undefined);
  const places = new Map<string, number>();
  return [...("trials" in next ? next.trials : [])].map((planned) => {
    const key = pointKey(planned.point);
    const place = places.get(key) ?? 0;
    places.set(key, place + 1);
    const fingerprint = told[key]?.at(place);
    if (fingerprint === undefined)
      throw new InputError(
        `${file}: it tells nothing of what moving the weights makes of ${pointText({ ...planned.point, seed: null })}`,
      );
    return { planned, fingerprint };
  });
}

/** Seeds 0, 1, … of every width that is told of, where searches chose the widths. Throws InputError for what none chooses. */
function claimedVisits(
  study: Study,
  rateOf: (values: Point["values"]) => number,
  fingerprints: Exclude<Claims["fingerprints"], string>,
  dataset: DatasetSize,
  file: string,
): PlannedTrial[] {
  const searches = searchedValues(study);
  const trialAt = sweepTrials(study, dataset, rateOf);
  const beside = new Map(searches.map((values, place) => [besideKey(values), place]));
  const visits = Object.entries(fingerprints).map(([key, claimed]) => {
    const [, digits = "", rest = ""] = /^(?:width=)?(\d+)(,.*)?$/s.exec(key) ?? [];
    const [width, seeds, search] = [Number(digits), [claimed].flat().length, beside.get(rest)];
    const isVisit = width >= 1 && width <= MAX_WIDTH && seeds <= MOST_SEEDS;
    if (!isVisit || search === undefined)
      throw new InputError(
        `${file}: it tells of ${seeds} seeds of width ${oneLine(key)}; expected at most ${MOST_SEEDS} of widths 1 to ${MAX_WIDTH}`,
      );
    return { search, width, seeds };
  });
  visits.sort((a, b) => a.search - b.search || a.width - b.width);
  return visits.flatMap(({ search, width, seeds }) => {
    const values = { width, ...searches[search] };
    return Array.from({ length: seeds }, (_, seed) => trialAt(values, seed));
  });
}

/** The end of a key (pointKey) of a point with these values beside its width. */
function besideKey(values: Point["values"]): string {
  return Object.entries(values)
    .map(([axis, value]) => `,${axis}=${value}`)
    .join("");
}

/** What the claims contradict each other in, in sentences: found without training. */
export function contradictions(
  claims: Claims,
  trials: readonly ClaimedTrial[],
  sha256: Sha256,
): string[] {
  const { specification, eta_star, learning_rate } = claims;
  const asked = specification.training.learning_rate;
  const expected = typeof asked === "number" ? asked : eta_star && eta_star / 2;
  const isWhole = typeof claims.fingerprints !== "string";
  const whole = studyFingerprint(
    trials.map(({ fingerprint }) => fingerprint),
    sha256,
  );
  return [
    ...(learning_rate === null || learning_rate === expected
      ? []
      : [`its learning rate is ${learning_rate}, but its study's is ${expected}`]),
    ...(claims.fingerprint === whole || !isWhole
      ? []
      : ["its study's fingerprint is not that of its trials' fingerprints"]),
  ];
}

/**
 * The study's answer from all of its trials; null where its plans ask for other trials than were claimed.
 * Throws WidthwiseError where the search has no answer.
 */
export async function answerOf(
  { specification: study }: Claims,
  records: ReadonlyMap<ClaimedTrial, TrialRecord>,
  dataset: DatasetSize,
  catalogue: StudyCatalogue,
  sha256: Sha256,
  /** By the trials' keys. */
  measured: ReadonlyMap<string, readonly KeptMeasurement[]> = new Map(),
): Promise<StudyResult | null> {
  // A trial of the search and one of the sweep may have the same key, and other passes.
  const nameOf = (key: string, { trial }: PlannedTrial) => `${key} ${trial.passes}`;
  const found = new Map(
    [...records].map(([{ key, planned }, record]) => [nameOf(key, planned), record]),
  );
  const supply = (trials: readonly PlannedTrial[]) =>
    Promise.resolve(
      trials.map((planned) => {
        const key = trialKey(planned.trial.specification, sha256);
        return found.get(nameOf(key, planned)) ?? null;
      }),
    );
  const followed = await follow(studyPlan(study, dataset, catalogue), supply, sha256);
  if (!("answer" in followed)) return null;
  const id = idOf(study, dataset, sha256);
  const store = { measurements: (key: string) => Promise.resolve(measured.get(key) ?? []) };
  const answer = await withMeasured(study, followed.answer, store, sha256);
  return resultOf(id, study, answer, sha256);
}
