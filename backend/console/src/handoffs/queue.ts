/** 转人工: a citizen who waits for a person, or talks with one. */
export interface Handoff {
  handoff_id: string;
  conversation_id: string;
  reason: string;
  summary: string;
  state: "waiting" | "claimed" | "returned" | "closed";
  opened_at: string;
  overdue?: boolean;
  elder?: boolean;
  claimed_by: { id: string; name: string } | null;
  last_seq: number;
}

export interface Queue {
  waiting: Handoff[];
  mine: Handoff[];
  others: Handoff[];
}

/** Sort open handoffs into those that wait (longest first), mine, and my colleagues'. */
export function sorted(handoffs: readonly Handoff[], me: string): Queue {
  const byWait = [...handoffs].sort((a, b) => a.opened_at.localeCompare(b.opened_at));
  const claimed = byWait.filter((handoff) => handoff.state === "claimed");
  return {
    waiting: byWait.filter((handoff) => handoff.state === "waiting"),
    mine: claimed.filter((handoff) => handoff.claimed_by?.id === me),
    others: claimed.filter((handoff) => handoff.claimed_by?.id !== me),
  };
}

/** How far each conversation was read, by handoff. */
export type Seen = Readonly<Record<string, number>>;

/** Note that a conversation was read up to a seq; never backwards. */
export function read(seen: Seen, handoff: string, seq: number): Seen {
  return (seen[handoff] ?? -1) >= seq ? seen : { ...seen, [handoff]: seq };
}

/** Count the messages nobody at this desk has read; before the first look there are none to miss. */
export function unread(seen: Seen, handoff: Handoff): number {
  const known = seen[handoff.handoff_id];
  return known === undefined ? 0 : Math.max(0, handoff.last_seq - known);
}
