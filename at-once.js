// Runs npm scripts at the same time: `node at-once.js check:types check:lint`. Fails where one of them does.

import { spawn } from "node:child_process";
import process from "node:process";

const codes = await Promise.all(
  process.argv.slice(2).map((script) => {
    const run = spawn("npm", ["run", "--silent", script], {
      stdio: ["ignore", "inherit", "inherit"],
      shell: process.platform === "win32",
    });
    return new Promise((resolve, reject) => run.on("error", reject).on("close", resolve));
  }),
);
if (codes.some((code) => code !== 0)) process.exitCode = 1;
