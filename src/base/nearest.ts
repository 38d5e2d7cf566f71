// Finds the word that a misspelt one was probably meant to be.

import { distance } from "fastest-levenshtein";

/** The candidate nearest to `word`, or null where none shares most of its letters. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let fewest = Infinity;
  for (const candidate of candidates) {
    const edits = editsBetween(word.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest && edits <= Math.max(word.length, candidate.length) * 0.4) {
      best = candidate;
      fewest = edits;
    }
  }
  return best;
}

/** Letters in another order are one slip. */
function editsBetween(word: string, candidate: string): number {
  const sorted = (letters: string) => Array.from(letters).sort().join("");
  const edits = distance(word, candidate);
  return sorted(word) === sorted(candidate) ? Math.min(edits, 1) : edits;
}
