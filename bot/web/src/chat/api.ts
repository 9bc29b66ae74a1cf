import { say } from "../words";
import type { InboundMessage, LogMessage } from "./message";

/** What the office answered instead of doing it: a key for the code, a sentence for the citizen. */
export class OfficeError extends Error {
  constructor(
    readonly status: number,
    readonly key: string,
    message: string,
    /** Seconds after which the office is ready for it; 0 where it does not say. */
    readonly retryAfter = 0,
  ) {
    super(message);
  }

  /** Worth trying again by itself: the network or the office was away, nothing was refused. */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

interface ErrorBody {
  error?: { key?: string; message?: string };
}

/** Turn an answer's error body into an OfficeError. */
export function refusal(status: number, body: ErrorBody | null, retryAfter = 0): OfficeError {
  const fallback = status >= 500 ? say("error.server") : say("error.unknown");
  return new OfficeError(status, body?.error?.key ?? "unknown", body?.error?.message ?? fallback, retryAfter);
}

/** Read JSON where there is some: a proxy's error page is none. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

async function call(method: string, path: string, token: string | null, body?: unknown): Promise<unknown> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer: Response;
  try {
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (error instanceof TypeError) throw new OfficeError(0, "network", say("error.network"));
    throw error;
  }
  const content = readJson(await answer.text());
  if (!answer.ok) throw refusal(answer.status, content as ErrorBody | null, Number(answer.headers.get("Retry-After")) || 0);
  return content;
}

export interface Conversation {
  conversation_id: string;
  token: string;
}

/** Open a conversation for this browser. */
export async function openConversation(elder: boolean): Promise<Conversation> {
  return (await call("POST", "/channels/web/conversations", null, { elder })) as Conversation;
}

/** End the conversation's session: its token opens nothing afterwards. */
export async function endConversation(token: string): Promise<void> {
  await call("DELETE", "/channels/web/conversations", token);
}

/** Exchange the cookie that a messaging app's login left for its conversation; works once. */
export async function redeemSession(): Promise<Conversation> {
  return (await call("POST", "/channels/wechat/h5/session", null)) as Conversation;
}

/** Hand one message over; the same id again does nothing twice. */
export async function postMessage(token: string, id: string, body: InboundMessage, elder: boolean): Promise<void> {
  await call("POST", "/channels/web/messages", token, { client_msg_id: id, elder, ...body });
}

/** Read the log after a seq. */
export async function readMessages(token: string, after: number): Promise<LogMessage[]> {
  const page = (await call("GET", `/channels/web/messages?after=${after}`, token)) as { messages: LogMessage[] };
  return page.messages;
}

/** 回执: ask the office whether a receipt is genuine. */
export async function readReceipt(receipt: string): Promise<Record<string, unknown>> {
  return (await call("GET", `/api/v1/receipts/${encodeURIComponent(receipt)}`, null)) as Record<string, unknown>;
}

/** 带参数二维码: the address of a code that opens a case in WeChat; null where WeChat is not connected. */
export async function codeInWechat(number: string): Promise<string | null> {
  const path = `/channels/wechat/qr/${encodeURIComponent(number)}`;
  try {
    await call("GET", path, null);
  } catch (error) {
    // The receipt is as good without: a code that cannot be had is not offered.
    if (error instanceof OfficeError) return null;
    throw error;
  }
  return `${path}.svg`;
}

/** Fetch a picture the citizen sent, as an address the page can show. */
export async function mediaAddress(token: string, id: string): Promise<string> {
  const answer = await fetch(`/channels/web/media/${encodeURIComponent(id)}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  if (!answer.ok) throw refusal(answer.status, null);
  return URL.createObjectURL(await answer.blob());
}

/** Upload a photo or file; XMLHttpRequest because fetch tells no upload progress. */
export function uploadMedia(token: string, file: File, onPercent: (percent: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/channels/web/media");
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onPercent(Math.round((event.loaded / event.total) * 100));
    };
    request.onerror = () => reject(new OfficeError(0, "network", say("media.failed")));
    request.onload = () => {
      const body = readJson(request.responseText) as ({ media_id?: string } & ErrorBody) | null;
      if (request.status < 300 && body?.media_id) resolve(body.media_id);
      else reject(refusal(request.status, body));
    };
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
}
