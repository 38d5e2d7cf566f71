// Weights in NumPy's .npz, as export/npz.ts writes them: w1 (in, out), b1 (out), w2, b2, …

import { readNumbers, rowMajor, withMembers } from "../formats/npz-members.ts";
import { openZip } from "../files/zip.node.ts";
import type { WithWeights } from "./weights-file.ts";

export const withNpz: WithWeights = (path, signal, use) =>
  withMembers(path, signal, { openZip }, ({ names, open }) =>
    use({
      names,
      namesOf: (layer) => ({ weights: `w${layer + 1}`, biases: `b${layer + 1}` }),
      isOfLayer: (name) => /^[wb]\d+$/.test(name),
      isTransposed: false,
      async open(name, expected) {
        const member = await open(name, expected);
        const { shape, type, fortran } = member.npy;
        const place = fortran ? rowMajor(shape) : (at: number) => at;
        return {
          ...{ what: member.what, shape, type, isFloat: type.startsWith("f") },
          read: (take) =>
            readNumbers(member, (at, value) => {
              take(place(at), value);
            }),
        };
      },
    }),
  );
