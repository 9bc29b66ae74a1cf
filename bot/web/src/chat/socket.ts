import { backoff } from "./backoff";
import type { LogMessage, Reply } from "./message";

export type Frame =
  | ({ type: "message" } & LogMessage)
  | { type: "state"; owner: "bot" | "staff"; typing: boolean }
  | { type: "notice"; body: Reply; at: string }
  | { type: "error"; error: { key: string; message: string } }
  | { type: "ping" };

/** The few things of a browser's WebSocket the line needs; tests give their own. */
export interface Wire {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: string }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
}

export interface LineOptions {
  dial: () => Wire;
  hello: () => { token: string; after: number };
  onFrame: (frame: Frame) => void;
  onOpen: () => void;
  onLost: (code: number) => void;
  later: (run: () => void, ms: number) => number;
  forget: (timer: number) => void;
  random?: () => number;
}

/** Silence after which a line counts as dead (the server pings more often than this). */
const DEAF_AFTER_MS = 70_000;

/** A line to the office that comes back by itself and asks for what it missed. */
export class Line {
  private wire: Wire | null = null;
  private attempt = 0;
  private redial: number | null = null;
  private deaf: number | null = null;
  private stopped = true;

  constructor(private readonly options: LineOptions) {}

  /** Dial now, also while a redial is waiting. */
  start(): void {
    this.stopped = false;
    this.clearTimers();
    if (!this.wire) this.dial();
  }

  /** Hang up and stay silent. */
  stop(): void {
    this.stopped = true;
    this.clearTimers();
    const wire = this.wire;
    this.wire = null;
    wire?.close();
  }

  /** Take the line down and dial again at once: the network changed under it. */
  renew(): void {
    this.stop();
    this.attempt = 0;
    this.start();
  }

  private dial(): void {
    const wire = this.options.dial();
    this.wire = wire;
    wire.onopen = () => {
      wire.send(JSON.stringify({ type: "hello", ...this.options.hello() }));
      this.attempt = 0;
      this.listen();
      this.options.onOpen();
    };
    wire.onmessage = (event) => this.hear(wire, event.data);
    wire.onclose = (event) => this.lost(wire, event.code);
  }

  private hear(wire: Wire, data: string): void {
    if (this.wire !== wire) return;
    this.listen();
    const frame = JSON.parse(data) as Frame;
    if (frame.type === "ping") wire.send(JSON.stringify({ type: "pong" }));
    else this.options.onFrame(frame);
  }

  private lost(wire: Wire, code: number): void {
    if (this.wire !== wire) return;
    this.wire = null;
    this.clearTimers();
    if (this.stopped) return;
    this.redial = this.options.later(() => this.start(), backoff(this.attempt, this.options.random));
    this.attempt += 1;
    this.options.onLost(code);
  }

  private listen(): void {
    if (this.deaf !== null) this.options.forget(this.deaf);
    this.deaf = this.options.later(() => this.renew(), DEAF_AFTER_MS);
  }

  private clearTimers(): void {
    for (const timer of [this.redial, this.deaf]) if (timer !== null) this.options.forget(timer);
    this.redial = null;
    this.deaf = null;
  }
}
