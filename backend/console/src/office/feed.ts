/** What the office tells the desk as it happens (docs/design.md, `GET /desk/ws`). */
export interface DeskEvent {
  type: "event";
  position: number;
  name: string;
  data: Record<string, unknown>;
}

export type Frame = DeskEvent | { type: "ping" } | { type: "ready"; position: number } | { type: "error" };

/** The few things of a browser's WebSocket the feed needs; tests give their own. */
export interface Wire {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: string }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
}

export interface FeedOptions {
  dial: () => Wire;
  token: () => string;
  onEvent: (event: DeskEvent) => void;
  onLink: (open: boolean) => void;
  /** The feed stands at the office's newest position: whatever is shown may be older. */
  onReady: () => void;
  /** The office no longer knows the token. */
  onExpired: () => void;
  later: (run: () => void, ms: number) => number;
  forget: (timer: number) => void;
  random?: () => number;
}

/** The close code with which the office says: log in again. */
const EXPIRED = 4401;

/** Silence after which the line counts as dead (the office pings more often than this). */
const DEAF_AFTER_MS = 70_000;

/** Wait before the n-th reconnect, in milliseconds: doubling to 20 s, with a spread. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(20_000, 500 * 2 ** Math.min(attempt, 10));
  return Math.round(ceiling * (0.5 + random() / 2));
}

/** The office's events, each once and in order, over as many connections as it takes. */
export class Feed {
  /** Position of the last event the desk has seen; null before the first. */
  position: number | null = null;
  private wire: Wire | null = null;
  private attempt = 0;
  private redial: number | null = null;
  private deaf: number | null = null;
  private stopped = true;

  constructor(private readonly options: FeedOptions) {}

  /** Dial, also while a redial is waiting. */
  start(): void {
    this.stopped = false;
    this.clearTimers();
    if (!this.wire) this.dial();
  }

  /** Hang up. */
  stop(): void {
    this.stopped = true;
    this.clearTimers();
    const wire = this.wire;
    this.wire = null;
    wire?.close();
  }

  private dial(): void {
    const wire = this.options.dial();
    this.wire = wire;
    wire.onopen = () => {
      wire.send(JSON.stringify({ type: "hello", token: this.options.token(), after: this.position }));
      this.attempt = 0;
      this.listen();
      this.options.onLink(true);
    };
    wire.onmessage = (event) => this.hear(wire, JSON.parse(event.data) as Frame);
    wire.onclose = (event) => this.lost(wire, event.code);
  }

  private hear(wire: Wire, frame: Frame): void {
    if (this.wire !== wire) return;
    this.listen();
    if (frame.type === "ping") wire.send(JSON.stringify({ type: "pong" }));
    if (frame.type === "ready") {
      this.position = Math.max(this.position ?? 0, frame.position);
      this.options.onReady();
    }
    if (frame.type !== "event" || frame.position <= (this.position ?? -1)) return;
    this.position = frame.position;
    this.options.onEvent(frame);
  }

  private lost(wire: Wire, code: number): void {
    if (this.wire !== wire) return;
    this.wire = null;
    this.clearTimers();
    if (this.stopped) return;
    if (code === EXPIRED) {
      this.stopped = true;
      this.options.onExpired();
      return;
    }
    this.redial = this.options.later(() => this.start(), backoff(this.attempt, this.options.random));
    this.attempt += 1;
    this.options.onLink(false);
  }

  private listen(): void {
    if (this.deaf !== null) this.options.forget(this.deaf);
    this.deaf = this.options.later(() => {
      this.stop();
      this.start();
    }, DEAF_AFTER_MS);
  }

  private clearTimers(): void {
    for (const timer of [this.redial, this.deaf]) if (timer !== null) this.options.forget(timer);
    this.redial = null;
    this.deaf = null;
  }
}
