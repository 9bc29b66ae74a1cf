/** One message of a conversation, personal data masked by the office. */
export interface TalkMessage {
  message_id: string;
  seq: number;
  direction: "in" | "out";
  author: { kind: string; name?: string };
  body: TalkBody;
  at: string;
  delivery?: Delivery | null;
}

/** How it stands with a reply that did not reach the citizen at the first attempt. */
export interface Delivery {
  state: "pending" | "parked" | "failed" | "sent";
  attempts: number;
  reason: string | null;
  next_try_at: string | null;
}

export interface TalkBody {
  kind: string;
  text?: string;
  title?: string;
  fields?: { label: string; value: string }[];
  sections?: { title: string; lines: string[] }[];
  items?: { title: string; note?: string }[];
  chips?: { title: string }[];
  media_ids?: string[];
  location?: { lat: number; lon: number; label?: string };
  image_alt?: string;
}

/** Add what arrived, each seq once, in the log's order. */
export function merge(known: readonly TalkMessage[], arrived: readonly TalkMessage[]): TalkMessage[] {
  const bySeq = new Map([...known, ...arrived].map((message) => [message.seq, message]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** Give the lines of a card or list as text: staff read what the citizen saw. */
export function detailLines(body: TalkBody): string[] {
  const fields = (body.fields ?? []).map((field) => [field.label, field.value].join("\u{ff1a}"));
  const sections = (body.sections ?? []).map((section) => [section.title, section.lines.join("\u{ff1b}")].join("\u{ff1a}"));
  const items = (body.items ?? []).map((item) => [item.title, item.note].filter(Boolean).join("\u{ff0c}"));
  return [...(body.title ? [body.title] : []), ...fields, ...sections, ...items];
}
