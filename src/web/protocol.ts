// What the page and the worker that runs its study say to each other.

import type { Ending, Evaluation } from "../records/record.ts";
import type { MapRound, WatchedCell, WatchedTrial } from "../report/watching.ts";
import type { Handed } from "./data/hand.ts";
import type { MapOutline } from "./map/outline.ts";

/** What a text says, and what is wrong with it. */
export interface Reading {
  /** As YAML has it; null where that is no mapping. */
  readonly said: Readonly<Record<string, unknown>> | null;
  readonly problem: Problem | null;
  /** null where it asks for none, or is wrong. */
  readonly map: MapOutline | null;
}

export interface Problem {
  /** The first one, as the command line tells it. */
  readonly message: string;
  /** All of them, by the study's fields that they are about; a path is empty where it is about none. */
  readonly places: readonly { readonly path: string; readonly message: string }[];
}

/** A network's inside after a pass. */
export interface Inside {
  readonly pass: number;
  /** Of the row, which training that far again has given once more. */
  readonly fingerprint: string;
  readonly image: { readonly rows: number; readonly columns: number } | null;
  /** Of the first hidden layer, those with the largest output weights first. */
  readonly units: readonly {
    readonly weights: Float32Array;
    readonly norm: number;
    readonly dead: boolean;
  }[];
  /** Hidden ones. */
  readonly layers: number;
  readonly hidden: number;
  readonly dead: number;
  /** How many training and test examples were looked at, in their order. */
  readonly looked: { readonly train: number; readonly test: number };
  /** (classes), what they are called: by their numbers where they have no names. */
  readonly classNames: readonly string[];
  /** (classes, classes): test examples by label and prediction. */
  readonly confusion: readonly (readonly number[])[];
  readonly wrong: readonly Miss[];
  /** Test examples, the surest first. */
  readonly confident: readonly Miss[];
  /** Of training examples looked at. */
  readonly misses: number;
}

export interface Miss {
  readonly label: number;
  readonly predicted: number;
  readonly confidence: number;
  readonly values: Float32Array | Uint8Array;
}

/** The user's own data set, as far as it has been handed over. */
export interface OwnData {
  /** Names of files that are still wanted. */
  readonly missing: readonly string[];
  readonly found: {
    /** 64 hex digits. */
    readonly digest: string;
    readonly classes: number;
    /** Where they have some. */
    readonly classNames?: readonly string[];
    /** Values of an example. */
    readonly size: number;
    /** Numbers of examples. */
    readonly train: number;
    readonly test: number;
  } | null;
}

export interface Calls {
  /** Holds a lock as long as the worker lives. */
  hold(lock: string): null;
  /** Of studies that this page can train; names published data sets whose files lie `beside` it. */
  schema(beside: readonly string[]): object;
  read(text: string): Reading;
  /** The text with another value at a path of it; undefined takes it out. */
  edit(text: string, path: readonly (string | number)[], value: unknown): string;
  /** The text that trains on files which the user has handed over. */
  take(text: string, handed: readonly Handed[]): string;
  /** Files that were handed over to another worker. */
  keep(handed: readonly Handed[]): null;
  /** Of what a study says of its data set; null where that is no file of the user's. */
  ownData(said: unknown): OwnData | null;
  /** Trains on until the end, or, by one pass alone, until every trial has one pass more. */
  start(text: string, one: boolean): null;
  pause(): null;
  reset(): null;
  inspect(key: string, pass: number): Inside;
  /** The fingerprint that a trial's training gives once more, in a worker of its own. */
  verify(key: string): string;
  /** A trial's rows after every pass, whatever its study evaluates. */
  curve(key: string): readonly Evaluation[];
  figures(): readonly { readonly name: string; readonly svg: string }[];
  csv(): string;
  /** One HTML file that needs nothing else; `command` gives the same. */
  report(command: string): string;
}

export type CallName = keyof Calls;

export interface CallMessage {
  readonly id: number;
  readonly name: CallName;
  readonly args: readonly unknown[];
}

/** A trial that is trained, or waits for it. */
export interface PlannedLine extends WatchedTrial {
  /** Where studies are laid over each other: which one it is of. */
  readonly study?: { readonly name: string; readonly place: number };
}

export interface AnswerLine {
  readonly sentences: readonly string[];
  readonly fingerprint: string;
  readonly id: string;
}

/** Evaluations of a trial, in the order of passes. */
export interface Rows {
  readonly key: string;
  readonly rows: readonly Evaluation[];
}

export type Event =
  | { readonly kind: "state"; readonly state: LabState; readonly message: string }
  | { readonly kind: "planned"; readonly trials: readonly PlannedLine[] }
  | { readonly kind: "rows"; readonly all: readonly Rows[] }
  | {
      readonly kind: "ended";
      readonly key: string;
      readonly ending: Ending;
      readonly fingerprint: string;
      readonly passes: number;
    }
  | {
      readonly kind: "cells";
      readonly cells: readonly WatchedCell[];
      readonly round: MapRound;
    }
  | { readonly kind: "answer"; readonly answer: AnswerLine }
  | { readonly kind: "memory"; readonly shared: boolean; readonly workers: number }
  | { readonly kind: "note"; readonly message: string };

export type LabState = "idle" | "loading" | "running" | "paused" | "done" | "failed";

export type ToPage =
  | { readonly event: Event }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: string };
