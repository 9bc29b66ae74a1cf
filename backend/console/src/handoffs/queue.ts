import { say } from "../words";

/** 转人工: a citizen who waits for a person, or talks with one. */
export interface Handoff {
  handoff_id: string;
  conversation_id: string;
  channel: string;
  reason: string;
  summary: string;
  state: "waiting" | "claimed" | "returned" | "closed" | "left";
  priority: boolean;
  danger: string | null;
  opened_at: string;
  overdue?: boolean;
  elder?: boolean;
  claimed_by: { id: string; name: string } | null;
  release_at: string | null;
  ended_at: string | null;
  has_words: boolean;
  last_seq: number;
}

/** 备注: what a clerk, or the office itself, leaves for whoever comes next. */
export interface Note {
  at: string;
  by: string;
  kind: string;
  text: string;
}

/** 留言: what the citizen left for the clerks. */
export interface Words {
  at: string;
  text: string;
  phone: string | null;
}

/** A handoff with what was noted and left. */
export interface HandoffDetail extends Handoff {
  notes: Note[];
  words: Words[];
  earlier_notes: Note[];
}

export interface Queue {
  waiting: Handoff[];
  mine: Handoff[];
  others: Handoff[];
}

/** Sort open handoffs into those that wait, mine, and my colleagues': danger first, then the longest wait. */
export function sorted(handoffs: readonly Handoff[], me: string): Queue {
  const byWait = [...handoffs].sort((a, b) => Number(b.priority) - Number(a.priority) || a.opened_at.localeCompare(b.opened_at));
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

const reasons = ["asked", "misunderstood", "failure", "safety"];
const dangers = ["suicide", "violence", "child", "lost", "medical", "crime", "fraud", "fire", "gas", "water", "electric", "structure", "trapped"];
const channels = ["web", "wechat", "wecom"];

/** Say why a person is needed. */
export function reasonOf(handoff: Handoff): string {
  return say(`handoffs.reason.${reasons.includes(handoff.reason) ? handoff.reason : "other"}`);
}

/** Say which danger somebody may be in; words that are Chinese already are said as they are. */
export function dangerOf(handoff: Handoff): string {
  const danger = handoff.danger ?? "other";
  if (/\p{Script=Han}/u.test(danger)) return danger;
  return say(`handoffs.danger.${dangers.includes(danger) ? danger : "other"}`);
}

/** Say through which door the citizen came. */
export function channelOf(handoff: Handoff): string {
  return say(`handoffs.channel.${channels.includes(handoff.channel) ? handoff.channel : "other"}`);
}
