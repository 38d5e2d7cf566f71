// The rules of widths, and of their list.

import { distinct, integers, number } from "../../base/fields.ts";

/** A wider layer than this is no question for batch-size-1 SGD, and its weights would not fit in memory. */
export const MAX_WIDTH = 65536;

export const WIDTH_RULE = `a positive integer up to ${MAX_WIDTH}`;
export const width = number(WIDTH_RULE, integers(1, MAX_WIDTH));

/** Distinct widths, at least one. */
export const widths = distinct("widths", width);
