// A claim: a published sentence, the study that tests it, and the rule by which that is judged.

import type { Study } from "../study/spec.ts";

/** What a value must be for its sentence to hold; exactly one of the three is given. A word is another value's path. */
export interface Criterion {
  /** Path of the value in summary.json. */
  readonly value: string;
  readonly within?: readonly [low: number, high: number];
  readonly above?: number | string;
  readonly below?: number | string;
  readonly says: string;
}

export interface PublishedNumber {
  readonly says: string;
  readonly number: number | "never";
  /** The table, figure or page where it stands. */
  readonly where: string;
  /** Path in summary.json of what is seen here in its place. */
  readonly seen?: string;
}

export interface Claim {
  readonly name: string;
  readonly claim: string;
  readonly source: string;
  readonly published: readonly PublishedNumber[];
  /** Theirs beside ours, with the learning rate and λ converted. */
  readonly objective?: string;
  /** What was made smaller or otherwise, and why. */
  readonly smaller?: string;
  readonly verdict: readonly Criterion[];
}

/** A claim as a run tests it. */
export interface TestedClaim extends Claim {
  readonly quick: boolean;
}

/** What a claim's file says. */
export interface ClaimFile {
  readonly claim: Claim;
  readonly study: Study;
  /** Made smaller to take a minute at most; null where the file does not say how. */
  readonly quick: Study | null;
  /** Estimated seconds of one processor. */
  readonly seconds: { readonly whole?: number; readonly quick?: number };
}
