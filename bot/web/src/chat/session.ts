import type { Conversation } from "./api";

const CONVERSATION = "paoyici.conversation";
const OUTBOX = "paoyici.outbox";

/** Read this browser's conversation, if it has one. */
export function keptConversation(): Conversation | null {
  const text = localStorage.getItem(CONVERSATION);
  return text ? (JSON.parse(text) as Conversation) : null;
}

/** Remember the conversation, so that history is there after a reload. */
export function keepConversation(conversation: Conversation): void {
  localStorage.setItem(CONVERSATION, JSON.stringify(conversation));
}

/** Forget an expired conversation. */
export function forgetConversation(): void {
  localStorage.removeItem(CONVERSATION);
}

/** Read the messages that had not arrived when the page was closed. */
export function keptOutbox(): string | null {
  return localStorage.getItem(OUTBOX);
}

/** Keep unarrived messages over a reload; nothing stays behind once they have arrived. */
export function keepOutbox(entries: readonly unknown[]): void {
  if (entries.length) localStorage.setItem(OUTBOX, JSON.stringify(entries));
  else localStorage.removeItem(OUTBOX);
}
