// The user's browser, opened where there is a desktop. Whoever serves a page goes on whatever becomes of it.

import { spawn } from "node:child_process";

interface Opener {
  readonly command: string;
  readonly args: readonly string[];
}

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, Opener>>> = {
  darwin: { command: "open", args: [] },
  win32: { command: "rundll32", args: ["url.dll,FileProtocolHandler"] },
};

const FREEDESKTOP: Opener = { command: "xdg-open", args: [] };

/** Whether there is a desktop that the user sees. */
export function hasDesktop(env: NodeJS.ProcessEnv, platform = process.platform): boolean {
  return Object.hasOwn(OPENERS, platform)
    ? !env.SSH_CONNECTION
    : Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
}

/** `onProblem` is told, in a few words, why the browser did not open where it was to. */
export function openBrowser(
  address: string,
  env: NodeJS.ProcessEnv,
  onProblem: (why: string) => void,
): void {
  if (!hasDesktop(env)) return;
  const { command, args } = OPENERS[process.platform] ?? FREEDESKTOP;
  // It may be the browser itself, which stays when the server ends.
  const child = spawn(command, [...args, address], { env, stdio: "ignore", detached: true });
  child.on("error", (error: NodeJS.ErrnoException) => {
    onProblem(error.code === "ENOENT" ? `there is no ${command}` : error.message);
  });
  child.on("exit", (code) => {
    if (code !== null && code !== 0) onProblem(`${command} ended with ${code}`);
  });
  child.unref();
}
