// The server as the page asks it; what it refuses is a WidthwiseError with its sentence.

import { WidthwiseError } from "../../base/errors.ts";
import type {
  ListedClaim,
  Listing,
  OpenedStudy,
  PackedRows,
  ServerEvent,
  ToldAnswer,
} from "../../report/watching.ts";

const API = new URL("api/", document.baseURI);

/** Milliseconds until it is asked again, where the stream has ended. */
const AGAIN = 2000;

export const address = (path: string): string => new URL(path, API).href;

async function get<Found>(path: string): Promise<Found> {
  return (await answered(path)).json() as Promise<Found>;
}

async function answered(path: string, asked: RequestInit = {}): Promise<Response> {
  const response = await fetch(address(path), asked).catch(() => {
    throw new WidthwiseError("the server does not answer; start widthwise lab again");
  });
  if (!response.ok) throw new WidthwiseError((await response.text()).trim());
  return response;
}

export const listing = () => get<Listing>("studies");
export const claims = () => get<readonly ListedClaim[]>("claims");
export const study = (id: string) => get<OpenedStudy>(`studies/${id}`);
export const answer = (id: string) => get<ToldAnswer>(`studies/${id}/answer`);
export const figures = (id: string) =>
  get<readonly { readonly name: string; readonly svg: string }[]>(`studies/${id}/figures`);
export const csv = async (id: string) => (await answered(`studies/${id}/trajectories`)).text();
export const rows = (trial: string) => {
  const [id, key] = trial.split("/");
  return get<PackedRows>(`studies/${id}/rows/${key}`);
};
export const report = async (id: string) => (await answered(`studies/${id}/report`)).text();
export const reportAddress = (id: string) => address(`studies/${id}/report`);

/** What changes something has the token that only this page can read. */
export async function change(path: string, body = ""): Promise<{ readonly id: string }> {
  const { token } = await get<{ readonly token: string }>("token");
  const headers = { "X-Widthwise-Token": token };
  const response = await answered(path, { method: "POST", body, headers });
  return response.json() as Promise<{ readonly id: string }>;
}

/**
 * Tells what happens there, from the beginning each time that the stream begins; `onLink` is told whether it is there.
 * A page that is not seen lets its stream go: there are few, and browsers have few connections. What is given back begins it anew.
 */
export function watch(
  onEvent: (event: ServerEvent) => void,
  onLink: (isThere: boolean) => void,
): () => void {
  let source: EventSource | null = null;
  let timer = 0;
  const open = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
    if (document.hidden) return;
    const opened = new EventSource(address("events"));
    source = opened;
    opened.onopen = () => {
      onLink(true);
    };
    opened.onmessage = ({ data }: MessageEvent<string>) => {
      onEvent(JSON.parse(data) as ServerEvent);
    };
    opened.onerror = () => {
      opened.close();
      onLink(false);
      timer = setTimeout(open, AGAIN);
    };
  };
  document.addEventListener("visibilitychange", open);
  open();
  return open;
}
