// What is told, as JSON, to those who watch studies from elsewhere: what is kept of them, and how they are trained.

import type { Point } from "../records/point.ts";
import type { Ending, Evaluation } from "../records/record.ts";

/** A trial that is trained, or waits for it. */
export interface WatchedTrial {
  readonly key: string;
  readonly role: string;
  readonly point: Point;
  readonly passes: number;
  readonly learningRate: number;
  readonly examples: number;
}

/** Loss and right predictions of both sets; what is no finite number is a word. */
export type PackedRow = readonly [
  pass: number,
  trainLoss: number | string,
  trainCorrect: number,
  testLoss: number | string,
  testCorrect: number,
];

/** Evaluations of a trial, in the order of passes. */
export interface PackedRows {
  readonly key: string;
  /** In each set. */
  readonly examples: readonly [train: number, test: number];
  readonly rows: readonly PackedRow[];
}

export interface EndedTrial {
  readonly kind: "ended";
  readonly key: string;
  readonly ending: Ending;
  readonly fingerprint: string;
  readonly passes: number;
}

/** A cell of a map all seeds of which are trained. */
export interface WatchedCell {
  /** Row · columns + column, of the finest grid. */
  readonly place: number;
  /** The class of most seeds, or the median; Infinity where there is no number. */
  readonly value: number;
  /** Whether more than half of the seeds have. */
  readonly diverged: boolean;
  readonly learningRate: number;
  readonly trials: readonly {
    readonly key: string;
    readonly fingerprint: string;
    readonly seed: number | null;
  }[];
}

/** What is no finite number is a word. */
export type PackedCell = Omit<WatchedCell, "value"> & { readonly value: number | string };

/** Of a map: in the place of what is told of its sweep's trials. */
export interface ToldCells {
  readonly kind: "cells";
  readonly cells: readonly PackedCell[];
  readonly round: MapRound;
}

/** What a map is at: how many trials its round asks for, and has. */
export interface MapRound {
  readonly trials: number;
  readonly done: number;
}

export type WatchedEvent =
  | ToldCells
  | { readonly kind: "planned"; readonly trials: readonly WatchedTrial[] }
  | { readonly kind: "rows"; readonly all: readonly PackedRows[] }
  | EndedTrial;

/** Where a study of the server's is. */
export interface Underway {
  readonly id: string;
  readonly name: string;
  readonly state: "waiting" | "training" | "failed";
  /** Why it has failed; empty where it has not. */
  readonly message: string;
}

/** What the stream of events tells. */
export type ServerEvent =
  | { readonly kind: "underway"; readonly studies: readonly Underway[] }
  | { readonly kind: "study"; readonly id: string; readonly event: WatchedEvent };

/** A kept study as an entry of a list. */
export interface ListedStudy {
  readonly id: string;
  readonly name: string;
  readonly question: string;
  readonly dataset: string;
  readonly widths: readonly number[];
  readonly seeds: number;
  readonly isMap: boolean;
  readonly trials: number;
  readonly ended: number;
  /** ISO 8601. */
  readonly created: string;
  readonly finished: string | null;
  readonly fingerprint: string | null;
}

export interface Listing {
  readonly store: string;
  /** The one planned last first. */
  readonly studies: readonly ListedStudy[];
  /** How many older ones are left out. */
  readonly more: number;
}

/** A claim of the shelf. */
export interface ListedClaim {
  readonly name: string;
  readonly claim: string;
  readonly source: string;
  /** Estimated, of one processor. */
  readonly seconds: { readonly whole?: number; readonly quick?: number };
  /** Its study's file, and that of the quick form. */
  readonly text: string;
  readonly quick: string | null;
  /** The kept study that tests it, the whole form's where both are kept. */
  readonly kept: { readonly id: string; readonly isQuick: boolean } | null;
}

/** What a kept study has come to. */
export interface ToldAnswer {
  readonly sentences: readonly string[];
  /** Of the claim that it tests; null where it tests none. */
  readonly verdict: string | null;
}

/** A kept study to be looked at, as far as it is trained. */
export interface OpenedStudy extends ListedStudy {
  /** Its file, with names of files and no places. */
  readonly text: string;
  /** Of the user's own file that it trains on, 64 hex digits; null where that is none. */
  readonly digest: string | null;
  readonly events: readonly WatchedEvent[];
  /** null as long as there is none. */
  readonly answer: ToldAnswer | null;
}

export function packedRow({ pass, train, test }: Evaluation): PackedRow {
  return [pass, told(train.objective), train.correct, told(test.objective), test.correct];
}

/** Without fingerprints, which are not told. */
export function unpackedRows({ examples: [train, test], rows }: PackedRows): Evaluation[] {
  return rows.map(([pass, trainLoss, trainCorrect, testLoss, testCorrect]) => ({
    ...{ pass, fingerprint: "" },
    train: { objective: Number(trainLoss), correct: trainCorrect, examples: train },
    test: { objective: Number(testLoss), correct: testCorrect, examples: test },
  }));
}

export function packedCell(cell: WatchedCell): PackedCell {
  return { ...cell, value: told(cell.value) };
}

export function unpackedCell(cell: PackedCell): WatchedCell {
  return { ...cell, value: Number(cell.value) };
}

function told(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
