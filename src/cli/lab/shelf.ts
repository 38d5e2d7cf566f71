// The claims that come with widthwise, and which of them a kept study tests.

import { stringify } from "yaml";
import { sha256 } from "../../base/sha256.node.ts";
import type { ClaimFile, TestedClaim } from "../../claims/claim.ts";
import type { StudyFacts } from "../../records/store.ts";
import type { ListedClaim } from "../../report/watching.ts";
import { written } from "../../study/language/written.ts";
import { datasetSize } from "../../study/kept/answer.ts";
import { idOf } from "../../study/result.ts";
import type { Study } from "../../study/spec.ts";
import { shippedClaims } from "../claim-files.ts";

export class Shelf {
  #claims: Promise<readonly ClaimFile[]> | null = null;

  /** Read once. */
  claims(): Promise<readonly ClaimFile[]> {
    return (this.#claims ??= shippedClaims());
  }

  /** The claim whose study it is, as a whole or in the quick form; null for none. */
  async testedBy(kept: StudyFacts): Promise<TestedClaim | null> {
    for (const { claim, study, quick } of await this.claims()) {
      if (isSame(study, kept)) return { ...claim, quick: false };
      if (quick !== null && isSame(quick, kept)) return { ...claim, quick: true };
    }
    return null;
  }

  async listed(kept: readonly StudyFacts[]): Promise<readonly ListedClaim[]> {
    return (await this.claims()).map(
      ({ claim: { name, claim, source }, study, quick, seconds }) => {
        const tests = (tested: Study | null) => tested && kept.find((one) => isSame(tested, one));
        const [whole, small] = [tests(study), tests(quick)];
        const found = whole ?? small;
        return {
          ...{ name, claim, source, seconds },
          ...{ text: textOf(study), quick: quick && textOf(quick) },
          kept: found ? { id: found.id, isQuick: found === small } : null,
        };
      },
    );
  }
}

/** A study's file. */
export function textOf(study: Study): string {
  return stringify(written(study));
}

function isSame(study: Study, kept: StudyFacts): boolean {
  return study.name === kept.name && idOf(study, datasetSize(kept), sha256) === kept.id;
}
