import type { Conversation } from "./api";

const CONVERSATION = "paoyici.conversation";
const OUTBOX = "paoyici.outbox";
const ENDED = "paoyici.ended";
/** Half a number somebody typed stays in its tab and goes with it. */
const DRAFT = "paoyici.draft";
/** By then every tab has read what another one wrote. */
const SETTLED_MS = 300;

/** Read this browser's conversation, if it has one. */
export function keptConversation(): Conversation | null {
  const text = localStorage.getItem(CONVERSATION);
  return text ? (JSON.parse(text) as Conversation) : null;
}

/** Remember the conversation, so that history is there after a reload. */
export function keepConversation(conversation: Conversation): void {
  localStorage.setItem(CONVERSATION, JSON.stringify(conversation));
}

/** Forget an expired conversation; the one that another tab has opened since stays. */
export function forgetConversation(token: string): void {
  if (keptConversation()?.token === token) localStorage.removeItem(CONVERSATION);
}

/** Give the conversation of this browser, opening it where there is none: one for all its tabs. */
export async function sharedConversation(open: () => Promise<Conversation>): Promise<Conversation> {
  const locks = navigator.locks as LockManager | undefined;
  return await (locks ? locks.request(CONVERSATION, () => keptOrOpened(open)) : settled(open));
}

async function keptOrOpened(open: () => Promise<Conversation>): Promise<Conversation> {
  const kept = keptConversation() ?? (await open());
  keepConversation(kept);
  return kept;
}

/** Without locks two tabs may open at once; what stands when both have written is everybody's. */
async function settled(open: () => Promise<Conversation>): Promise<Conversation> {
  const kept = keptConversation();
  if (kept) return kept;
  const opened = await open();
  if (!keptConversation()) keepConversation(opened);
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  const shared = keptConversation() ?? opened;
  keepConversation(shared);
  return shared;
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

/** Read what was being written when the page was loaded again. */
export function keptDraft(): string {
  return sessionStorage.getItem(DRAFT) ?? "";
}

/** Keep what is being written over a reload. */
export function keepDraft(text: string): void {
  if (text) sessionStorage.setItem(DRAFT, text);
  else sessionStorage.removeItem(DRAFT);
}

/** Leave nothing of the citizen in this browser, and have its other tabs do the same. */
export function clear(): void {
  localStorage.removeItem(CONVERSATION);
  localStorage.removeItem(OUTBOX);
  sessionStorage.removeItem(DRAFT);
  localStorage.setItem(ENDED, "1");
  localStorage.removeItem(ENDED);
}

/** Tell what another tab did to what all tabs share, if it did anything. */
export function newsOf(event: StorageEvent): "ended" | "conversation" | null {
  if (event.key === ENDED && event.newValue) return "ended";
  return event.key === CONVERSATION ? "conversation" : null;
}
