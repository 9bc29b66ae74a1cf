import { OfficeError } from "./api";
import { backoff, turnAt } from "./backoff";
import type { InboundMessage, LogMessage } from "./message";
import * as outbox from "./outbox";

export interface CourierOptions {
  /** Hand one message over; throws OfficeError. */
  post: (id: string, body: InboundMessage) => Promise<void>;
  /** Shown and kept at every change. */
  onChange: (queue: outbox.Outbox) => void;
  /** The office has the message; its log may have shown it, and the answer, already. */
  onAccepted: (entry: outbox.Outgoing) => void;
  later: (run: () => void, ms: number) => number;
  forget: (timer: number) => void;
  newId: () => string;
  now: () => string;
}

/** Carries the citizen's messages to the office: in order, one at a time, until each has arrived. */
export class Courier {
  private attempt = 0;
  private timer: number | null = null;

  constructor(
    private readonly options: CourierOptions,
    private queue: outbox.Outbox,
  ) {}

  /** Keep a message and send it as soon as that is possible. */
  take(body: InboundMessage, afterSeq: number): void {
    this.change(outbox.keep(this.queue, this.options.newId(), body, this.options.now(), afterSeq));
    void this.pump();
  }

  /** Try at once: the network came back, or the citizen asked. */
  hurry(): void {
    this.attempt = 0;
    void this.pump();
  }

  /** Send a failed message again under its old id. */
  retry(id: string): void {
    this.change(outbox.mark(this.queue, id, "waiting"));
    this.hurry();
  }

  /** Give a message up. */
  drop(id: string): void {
    this.change(outbox.drop(this.queue, id));
  }

  /** Give everything up: the citizen leaves. */
  clear(): void {
    this.stop();
    this.change([]);
  }

  /** Settle what the log shows. */
  settle(arrived: readonly LogMessage[]): void {
    this.change(outbox.settle(this.queue, arrived));
  }

  /** Go on with a new conversation after the old one expired. */
  rebase(): void {
    this.change(outbox.rebase(this.queue));
  }

  /** Stop trying: the page is left. */
  stop(): void {
    if (this.timer !== null) this.options.forget(this.timer);
    this.timer = null;
  }

  private async pump(): Promise<void> {
    if (this.timer !== null) this.options.forget(this.timer);
    this.timer = null;
    for (let next = outbox.nextToSend(this.queue); next; next = outbox.nextToSend(this.queue)) {
      if (!(await this.send(next))) return;
    }
  }

  private async send(entry: outbox.Outgoing): Promise<boolean> {
    this.change(outbox.mark(this.queue, entry.id, "sending"));
    try {
      await this.options.post(entry.id, entry.body);
    } catch (error) {
      if (!(error instanceof OfficeError)) throw error;
      return this.refused(entry.id, error);
    }
    this.attempt = 0;
    this.change(outbox.mark(this.queue, entry.id, "accepted"));
    this.options.onAccepted(entry);
    return true;
  }

  private refused(id: string, error: OfficeError): boolean {
    if (!error.passing) {
      this.change(outbox.mark(this.queue, id, "failed", error.message));
      return true;
    }
    this.change(outbox.mark(this.queue, id, "waiting"));
    const wait = Math.max(backoff(this.attempt), turnAt(error));
    this.timer = this.options.later(() => void this.pump(), wait);
    this.attempt += 1;
    return false;
  }

  private change(queue: outbox.Outbox): void {
    if (queue === this.queue) return;
    this.queue = queue;
    this.options.onChange(queue);
  }
}
