// A document as data: what a report says, before it is HTML or Markdown.

import type { Figure } from "../figures/svg.ts";

/** Plain text unless it says otherwise. */
export type Inline =
  | string
  | { readonly code: string }
  | { readonly strong: string }
  /** A short form whose full one is told on asking; Markdown prints the short one. */
  | { readonly short: string; readonly full: string };

export type Text = readonly Inline[];

/** The same figure twice: as its file has it, and for a narrow screen. */
export interface Drawing {
  readonly figure: Figure;
  readonly narrow: Figure;
}

export interface TableColumn {
  readonly heading: string;
  readonly numeric: boolean;
}

export type Block =
  | { readonly kind: "paragraph"; readonly text: Text }
  | { readonly kind: "list"; readonly items: readonly Text[] }
  /** The document's main numbers, each with a name and a remark. */
  | {
      readonly kind: "facts";
      readonly facts: readonly { name: string; value: string; note: string }[];
    }
  | {
      readonly kind: "table";
      readonly caption: string;
      readonly columns: readonly TableColumn[];
      readonly rows: readonly (readonly Text[])[];
    }
  | ({ readonly kind: "figure"; readonly number: number } & Drawing)
  | { readonly kind: "code"; readonly language: string; readonly code: string }
  /** A remark that must not be overlooked. */
  | { readonly kind: "note"; readonly text: Text };

export interface Section {
  /** Address within the document: lower-case words joined by hyphens. */
  readonly id: string;
  readonly heading: string;
  readonly blocks: readonly Block[];
}

export interface Report {
  readonly title: string;
  readonly question: string;
  readonly sections: readonly Section[];
}
