/** The channel-neutral messages of docs/design.md, as the page sees them. */

export interface Location {
  lat: number;
  lon: number;
  system: "gcj02" | "wgs84";
  label?: string;
}

export interface InboundMessage {
  kind: "text" | "button" | "photo" | "voice" | "location" | "file" | "event";
  text?: string;
  payload?: string;
  media_ids?: string[];
  location?: Location;
}

export interface Chip {
  title: string;
  payload: string;
}

export interface ListItem extends Chip {
  note?: string;
}

export interface TimelineStep {
  at: string;
  label: string;
  note?: string;
}

export interface Source {
  item_code?: string;
  item_name?: string;
  element?: string;
  version?: string;
  basis?: string;
}

export interface Reply {
  kind: "text" | "card" | "list" | "image" | "notice";
  text?: string;
  title?: string;
  fields?: { label: string; value: string }[];
  sections?: { title: string; lines: string[] }[];
  timeline?: TimelineStep[];
  items?: ListItem[];
  image_url?: string;
  image_alt?: string;
  link_url?: string;
  link_title?: string;
  source?: Source;
  chips?: Chip[];
}

export interface LogMessage {
  seq: number;
  direction: "in" | "out";
  author: { kind: "citizen" | "bot" | "staff" | "system" | "proxy"; name?: string };
  body: InboundMessage | Reply;
  at: string;
  /** The page's own id of a citizen's message, so that its echo is recognised. */
  client_msg_id?: string;
}

/** Give the body of an outgoing message as a Reply, else null. */
export function replyOf(message: LogMessage): Reply | null {
  return message.direction === "out" ? (message.body as Reply) : null;
}

/** Allow only links that cannot run a script: our own origin or the web. */
export function safeLink(url: string | undefined, origin: string): string | null {
  if (!url) return null;
  try {
    const target = new URL(url, origin);
    return ["http:", "https:", "tel:"].includes(target.protocol) ? target.href : null;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
