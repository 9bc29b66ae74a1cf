import { beforeEach, describe, expect, it } from "vitest";

import { backoff, type DeskEvent, Feed, type Wire } from "../src/office/feed";

class FakeWire implements Wire {
  sent: Record<string, unknown>[] = [];
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

  event(position: number): void {
    this.say({ type: "event", position, name: "case.accepted", data: {} });
  }
}

let wires: FakeWire[];
let waits: Map<number, () => void>;
let heard: DeskEvent[];
let links: boolean[];
let ready: number;
let expired: number;
let feed: Feed;

beforeEach(() => {
  wires = [];
  waits = new Map();
  heard = [];
  links = [];
  ready = 0;
  expired = 0;
  let next = 1;
  feed = new Feed({
    dial: () => wires[wires.push(new FakeWire()) - 1] as FakeWire,
    token: () => "t",
    onEvent: (event) => heard.push(event),
    onLink: (open) => links.push(open),
    onReady: () => (ready += 1),
    onExpired: () => (expired += 1),
    later: (run) => (waits.set(next, run), next++),
    forget: (id) => waits.delete(id),
  });
  feed.start();
  wires[0]?.onopen?.();
});

describe("the desk's feed", () => {
  it("says who listens, and of the first connection no place", () => {
    expect(wires[0]?.sent).toEqual([{ type: "hello", token: "t", after: null }]);
  });

  it("goes on after the last event when the line comes back", () => {
    wires[0]?.event(41);
    wires[0]?.onclose?.({ code: 1006 });
    [...waits.values()].forEach((run) => run());
    wires[1]?.onopen?.();
    expect(wires[1]?.sent[0]?.after).toBe(41);
    expect(links).toEqual([true, false, true]);
  });

  it("hears every event once, also when the office tells it again", () => {
    for (const position of [1, 2, 2, 1, 3]) wires[0]?.event(position);
    expect(heard.map((event) => event.position)).toEqual([1, 2, 3]);
  });

  it("begins at the office's newest position and has everything read again from there", () => {
    wires[0]?.say({ type: "ready", position: 9 });
    wires[0]?.event(9);
    wires[0]?.event(10);
    expect(ready).toBe(1);
    expect(heard.map((event) => event.position)).toEqual([10]);
  });

  it("ends the session instead of dialling when the office knows the token no longer", () => {
    wires[0]?.onclose?.({ code: 4401 });
    expect(expired).toBe(1);
    expect(waits.size).toBe(0);
  });

  it("answers pings", () => {
    wires[0]?.say({ type: "ping" });
    expect(wires[0]?.sent.at(-1)).toEqual({ type: "pong" });
  });

  it("dials no more once it is stopped", () => {
    feed.stop();
    wires[0]?.onclose?.({ code: 1000 });
    expect(waits.size).toBe(0);
    expect(wires[0]?.closed).toBe(true);
  });

  it("never waits longer than twenty seconds", () => {
    expect(backoff(99, () => 1)).toBe(20_000);
  });
});
