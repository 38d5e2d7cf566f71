// The page's beginning.

import { render } from "preact";
import { Lab } from "./model/lab.ts";
import { hasServer } from "./model/place.ts";
import { canRun } from "./simd.ts";
import { App } from "./view/app.tsx";
import "./lab.css";

const root = document.getElementById("lab");
if (root !== null) {
  root.replaceChildren();
  render(canRun() ? <App lab={begun()} /> : <Unable />, root);
}

function begun(): Lab {
  const lab = new Lab();
  if (hasServer())
    void import("./stored/elsewhere.tsx").then(({ serve }) => {
      serve(lab);
    });
  return lab;
}

function Unable() {
  return (
    <main class="unable">
      <p>
        This browser has no WebAssembly SIMD, which the kernel needs: use Chrome 91, Firefox 89,
        Safari 16.4 or a later one.
      </p>
    </main>
  );
}
