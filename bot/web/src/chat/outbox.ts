import type { InboundMessage, LogMessage } from "./message";
import { sameBody } from "./thread";

/** A citizen's message the log has not shown yet. Its id never changes, so a resend is no double. */
export interface Outgoing {
  readonly id: string;
  readonly body: InboundMessage;
  readonly at: string;
  readonly state: "waiting" | "sending" | "accepted" | "failed";
  /** Handed over at least once: only then can the log hold an echo of it. */
  readonly tried: boolean;
  /** The highest seq the page knew when it was written; an echo always lies behind it. */
  readonly afterSeq: number;
  readonly why?: string;
}

export type Outbox = readonly Outgoing[];

/** Keep a new message at the end of the queue. */
export function keep(outbox: Outbox, id: string, body: InboundMessage, at: string, afterSeq: number): Outbox {
  return [...outbox, { id, body, at, state: "waiting", tried: false, afterSeq }];
}

/** Give the message to send next: the oldest waiting one, and only while none is on its way. */
export function nextToSend(outbox: Outbox): Outgoing | null {
  if (outbox.some((entry) => entry.state === "sending")) return null;
  return outbox.find((entry) => entry.state === "waiting") ?? null;
}

/** Move one message to another state. */
export function mark(outbox: Outbox, id: string, state: Outgoing["state"], why?: string): Outbox {
  return outbox.map((entry) =>
    entry.id === id ? { ...entry, state, why, tried: entry.tried || state === "sending" } : entry,
  );
}

/** Forget where the old log ended: the office opened a new one, which begins at 1. */
export function rebase(outbox: Outbox): Outbox {
  return outbox.map((entry) => ({ ...entry, afterSeq: 0, tried: false }));
}

/** Forget one message: the citizen gave it up. */
export function drop(outbox: Outbox, id: string): Outbox {
  return outbox.filter((entry) => entry.id !== id);
}

/** Take out what the log newly shows; each echo settles exactly one message, oldest first. */
export function settle(outbox: Outbox, arrived: readonly LogMessage[]): Outbox {
  let rest = outbox;
  for (const message of arrived) {
    if (message.direction !== "in") continue;
    const twin = rest.find((entry) => isEcho(entry, message));
    if (twin) rest = drop(rest, twin.id);
  }
  return rest;
}

function isEcho(entry: Outgoing, message: LogMessage): boolean {
  if (message.client_msg_id) return message.client_msg_id === entry.id;
  return entry.tried && message.seq > entry.afterSeq && sameBody(entry.body, message.body as InboundMessage);
}

/** Read a kept queue back after a reload; what was on its way waits to be sent again. */
export function restore(text: string | null): Outbox {
  if (!text) return [];
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
  if (!Array.isArray(entries)) return [];
  return entries
    .filter((entry): entry is Outgoing => typeof entry?.id === "string" && typeof entry?.body === "object")
    .map((entry) => (entry.state === "failed" ? entry : { ...entry, state: "waiting" }));
}
