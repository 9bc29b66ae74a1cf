import type { Chip, InboundMessage, LogMessage } from "./message";
import { replyOf } from "./message";

/** What the server's log has told this page, in order and once each. */
export interface Thread {
  readonly messages: readonly LogMessage[];
  readonly lastSeq: number;
}

export const emptyThread: Thread = { messages: [], lastSeq: 0 };

/** Add what arrived, in any order and any number of times; a known seq changes nothing. */
export function merge(thread: Thread, arrived: readonly LogMessage[]): Thread {
  const known = new Map(thread.messages.map((message) => [message.seq, message]));
  const before = known.size;
  for (const message of arrived) if (!known.has(message.seq)) known.set(message.seq, message);
  if (known.size === before) return thread;
  const messages = [...known.values()].sort((a, b) => a.seq - b.seq);
  return { messages, lastSeq: messages.at(-1)?.seq ?? 0 };
}

/** Give those of the arrived messages that the page does not have yet, once each. */
export function unknown(thread: Thread, arrived: readonly LogMessage[]): LogMessage[] {
  const seen = new Set(thread.messages.map((message) => message.seq));
  return arrived.filter((message) => !seen.has(message.seq) && seen.add(message.seq));
}

/** Tell whether a number was skipped, so that the page must read the log again from the gap. */
export function gapBefore(thread: Thread, arrived: LogMessage): boolean {
  return arrived.seq > thread.lastSeq + 1;
}

/** Tell whether something the citizen said after this place stands in the log and has its answer. */
export function answered(thread: Thread, afterSeq: number): boolean {
  const said = thread.messages.some((message) => message.direction === "in" && message.seq > afterSeq);
  return said && thread.messages.at(-1)?.direction === "out";
}

/** Give the chips of the last turn: those of the newest replies after the citizen's last words. */
export function openChips(thread: Thread): Chip[] {
  const last = thread.messages.at(-1);
  for (let index = thread.messages.length - 1; index >= 0; index -= 1) {
    const message = thread.messages[index];
    if (!message || message.direction === "in") return [];
    const chips = replyOf(message)?.chips;
    if (chips?.length && (message === last || message.author.kind === "bot")) return chips;
  }
  return [];
}

/** Tell whether two bodies are the same words, media or place: how an echo without an id is known. */
export function sameBody(a: InboundMessage, b: InboundMessage): boolean {
  return signature(a) === signature(b);
}

function signature(body: InboundMessage): string {
  const { kind, text, payload, media_ids, location } = body;
  return JSON.stringify([kind, text || "", payload || "", media_ids ?? [], location?.lat, location?.lon]);
}
