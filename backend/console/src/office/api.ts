import { say } from "../words";
import { end, session } from "./session";

const REVOKE_AFTER_MS = 60_000;

/** The office's refusal: a key for the code, a sentence for the person at the desk. */
export class OfficeError extends Error {
  constructor(
    readonly status: number,
    readonly key: string,
    message: string,
  ) {
    super(message);
  }
}

/** Say what a list or page shows of a failed look: a broken line is told once, above everything. */
export function toldOf(error: unknown): string {
  if (!(error instanceof OfficeError)) throw error;
  return error.status === 0 ? "" : error.message;
}

interface ErrorBody {
  error?: { key?: string; message?: string };
}

function readJson(text: string): unknown {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`/api/v1${path}`, init);
  } catch (error) {
    if (error instanceof TypeError) throw new OfficeError(0, "network", say("error.network"));
    throw error;
  }
}

function headers(extra: Record<string, string> = {}): Record<string, string> {
  return session.token ? { Authorization: `Bearer ${session.token}`, ...extra } : extra;
}

async function read(answer: Response): Promise<unknown> {
  const content = readJson(await answer.text());
  if (answer.ok) return content;
  const error = (content as ErrorBody | null)?.error;
  // Whoever may not work before a first step logs in anew, which tells the page what it is.
  if ((answer.status === 401 || error?.key === "auth.first_steps") && session.token) end(true);
  throw new OfficeError(answer.status, error?.key ?? "unknown", error?.message ?? say("error.server"));
}

/** Ask the office for something. */
export async function get<Answer>(path: string, query: Record<string, string | number> = {}): Promise<Answer> {
  const given = Object.entries(query).filter(([, value]) => value !== "");
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  const tail = given.length ? `?${search}` : "";
  return (await read(await reach(path + tail, { headers: headers() }))) as Answer;
}

/** Have the office do something; the key makes a repeated try the same deed. */
export async function post<Answer>(path: string, body: object = {}, key: string = newKey()): Promise<Answer> {
  const sent = headers({ "Content-Type": "application/json", "Idempotency-Key": key });
  const answer = await reach(path, { method: "POST", headers: sent, body: JSON.stringify(body) });
  return (await read(answer)) as Answer;
}

/** Fetch a photo or file as an address the page can show. */
export async function mediaAddress(id: string): Promise<string> {
  const answer = await reach(`/media/${encodeURIComponent(id)}`, { headers: headers() });
  if (!answer.ok) await read(answer);
  return URL.createObjectURL(await answer.blob());
}

/** Have the office make a file, and let the browser save it under `name`. */
export async function download(path: string, body: object, name: string): Promise<void> {
  const sent = headers({ "Content-Type": "application/json" });
  const answer = await reach(path, { method: "POST", headers: sent, body: JSON.stringify(body) });
  if (!answer.ok) await read(answer);
  const address = URL.createObjectURL(await answer.blob());
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  // The browser reads it after this turn of the loop.
  window.setTimeout(() => URL.revokeObjectURL(address), REVOKE_AFTER_MS);
}

/** Make a key for one deed; randomUUID is missing on plain-http origins other than localhost. */
export function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Log out: here whatever the office says, and there if it can be reached. */
export async function leave(): Promise<void> {
  try {
    await post("/staff/logout");
  } catch (error) {
    if (!(error instanceof OfficeError)) throw error;
  }
  end(false);
}
