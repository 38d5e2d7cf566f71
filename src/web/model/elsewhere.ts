// What the page has of studies that are trained and kept elsewhere.

import type { ComponentType } from "preact";
import type { Engine } from "../engine-client.ts";

/** Studies that a server keeps and trains, in the place of the page's own. */
export interface Elsewhere<Lab> {
  readonly isShown: boolean;
  /** Whether several are laid over each other. */
  readonly isLaid: boolean;
  /** What is shown, in a few words. */
  readonly title: string;
  readonly results: Pick<Engine, "call">;
  readonly views: {
    readonly Studies: ComponentType<{ lab: Lab }>;
    readonly Claims: ComponentType<{ lab: Lab; onStudy: () => void }>;
    readonly Controls: ComponentType<{ lab: Lab }>;
    readonly Start: ComponentType<{ lab: Lab }>;
  };
  open(ids: readonly string[]): Promise<void>;
  /** The page shows its own again. */
  leave(): void;
}
