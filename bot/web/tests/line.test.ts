import { beforeEach, describe, expect, it } from "vitest";

import { backoff } from "../src/chat/backoff";
import { type Frame, Line, type Wire } from "../src/chat/socket";

class FakeWire implements Wire {
  sent: unknown[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.closed = true;
  }

  say(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

let wires: FakeWire[];
let timers: Map<number, { run: () => void; ms: number }>;
let frames: Frame[];
let lost: number;
let after: number;
let line: Line;

function fire(ms: (waited: number) => boolean): void {
  for (const [id, timer] of [...timers]) {
    if (!ms(timer.ms)) continue;
    timers.delete(id);
    timer.run();
  }
}

beforeEach(() => {
  wires = [];
  timers = new Map();
  frames = [];
  lost = 0;
  after = 0;
  let next = 1;
  line = new Line({
    dial: () => wires[wires.push(new FakeWire()) - 1] as FakeWire,
    hello: () => ({ token: "t", after }),
    onFrame: (frame) => frames.push(frame),
    onOpen: () => undefined,
    onLost: () => (lost += 1),
    later: (run, ms) => (timers.set(next, { run, ms }), next++),
    forget: (id) => timers.delete(id),
    random: () => 1,
  });
});

describe("the line to the office", () => {
  it("says who it is and what it has already", () => {
    after = 7;
    line.start();
    wires[0]?.onopen?.();
    expect(wires[0]?.sent).toEqual([{ type: "hello", token: "t", after: 7 }]);
  });

  it("answers a ping and keeps it from the page", () => {
    line.start();
    wires[0]?.onopen?.();
    wires[0]?.say({ type: "ping" });
    expect(wires[0]?.sent.at(-1)).toEqual({ type: "pong" });
    expect(frames).toEqual([]);
  });

  it("dials again after a loss and asks for what came after the last message", () => {
    line.start();
    wires[0]?.onopen?.();
    after = 3;
    wires[0]?.onclose?.({ code: 1006 });
    expect(lost).toBe(1);
    fire((ms) => ms === 500);
    wires[1]?.onopen?.();
    expect(wires[1]?.sent).toEqual([{ type: "hello", token: "t", after: 3 }]);
  });

  it("waits longer after every failed dial", () => {
    line.start();
    wires[0]?.onclose?.({ code: 1006 });
    fire((ms) => ms === 500);
    wires[1]?.onclose?.({ code: 1006 });
    expect([...timers.values()].map((timer) => timer.ms)).toEqual([1000]);
  });

  it("takes a line that went silent for a dead one", () => {
    line.start();
    wires[0]?.onopen?.();
    fire((ms) => ms > 60_000);
    expect(wires[0]?.closed).toBe(true);
    expect(wires).toHaveLength(2);
  });

  it("hears nothing any more from a line it gave up", () => {
    line.start();
    wires[0]?.onopen?.();
    line.renew();
    wires[0]?.say({ type: "state", owner: "staff", typing: false });
    expect(frames).toEqual([]);
  });

  it("stays silent once stopped", () => {
    line.start();
    line.stop();
    wires[0]?.onclose?.({ code: 1000 });
    expect(timers.size).toBe(0);
    expect(lost).toBe(0);
  });
});

describe("the wait before a reconnect", () => {
  it("never passes five seconds and never falls below half of its step", () => {
    expect(backoff(50, () => 1)).toBe(5_000);
    expect(backoff(0, () => 0)).toBe(250);
  });
});
