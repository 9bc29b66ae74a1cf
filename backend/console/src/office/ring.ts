import type { DeskEvent } from "./feed";

/** What is said when the desk rings, a key under `ring` of the words. */
export type Ring = "opened" | "released" | "overdue" | "danger" | "warned" | "transferred" | "taken_over";

/** What rings at every desk, and louder where somebody may be in danger. */
const FOR_ALL: Readonly<Record<string, Ring>> = {
  "handoff.opened": "opened",
  "handoff.released": "released",
  "handoff.overdue": "overdue",
  "handoff.alarm": "danger",
};

/** What rings at one desk, and where the event says whose that is. */
const FOR_ONE: Readonly<Record<string, readonly [Ring, string]>> = {
  "handoff.warned": ["warned", "claimed_by"],
  "handoff.transferred": ["transferred", "claimed_by"],
  "handoff.taken_over": ["taken_over", "taken_from"],
};

function idOf(person: unknown): string | null {
  return (person as { id?: string | null } | undefined)?.id ?? null;
}

/** Tell whether an event of the office rings at the desk of `me`, and with which words. */
export function ringOf({ name, data }: DeskEvent, me: string): Ring | null {
  if (idOf(data.who) === me) return null;
  const all = FOR_ALL[name];
  if (all) return data.priority ? "danger" : all;
  const [one, whose] = FOR_ONE[name] ?? [null, ""];
  return idOf(data[whose]) === me ? one : null;
}

/** Say what the tab of the browser is called: who waits, and whether somebody may be in danger. */
export function titleOf(waiting: number, urgent: boolean, say: (path: string, values?: Record<string, string | number>) => string): string {
  const count = waiting ? say("ring.count", { count: waiting }) : "";
  return say("ring.title", { mark: urgent ? say("ring.urgent") : "", count });
}
