import { describe, expect, it } from "vitest";

import type { LogMessage } from "../src/chat/message";
import { drop, keep, mark, nextToSend, type Outbox, rebase, restore, settle } from "../src/chat/outbox";

const at = "2026-11-22T09:00:00+08:00";
const text = (words: string) => ({ kind: "text" as const, text: words });
const echo = (seq: number, words: string, id?: string): LogMessage => ({
  seq,
  direction: "in",
  author: { kind: "citizen" },
  body: text(words),
  at,
  client_msg_id: id,
});
const kept = (...words: string[]): Outbox =>
  words.reduce<Outbox>((box, word, index) => keep(box, `m${index}`, text(word), at, 5), []);

describe("the outbox", () => {
  it("sends the oldest message first and one at a time", () => {
    const box = kept("一", "二");
    expect(nextToSend(box)?.id).toBe("m0");
    expect(nextToSend(mark(box, "m0", "sending"))).toBeNull();
    expect(nextToSend(mark(box, "m0", "accepted"))?.id).toBe("m1");
  });

  it("lets a refused message wait for the citizen and goes on with the next", () => {
    const box = mark(kept("一", "二"), "m0", "failed", "太长了");
    expect(nextToSend(box)?.id).toBe("m1");
    expect(box[0]?.why).toBe("太长了");
  });

  it("is settled by the echo in the log", () => {
    const box = mark(mark(kept("一"), "m0", "sending"), "m0", "accepted");
    expect(settle(box, [echo(6, "一")])).toEqual([]);
  });

  it("is settled also when the office's answer was lost on the way, so nothing is said twice", () => {
    const box = mark(mark(kept("一"), "m0", "sending"), "m0", "waiting");
    expect(settle(box, [echo(6, "一")])).toEqual([]);
  });

  it("takes one echo for one message when the same words were said twice", () => {
    let box = kept("好", "好");
    box = mark(mark(box, "m0", "accepted"), "m1", "sending");
    box = mark(box, "m0", "sending");
    expect(settle(box, [echo(6, "好")]).map((entry) => entry.id)).toEqual(["m1"]);
    expect(settle(box, [echo(6, "好"), echo(7, "好")])).toEqual([]);
  });

  it("does not take yesterday's same words, or a message never handed over, for its echo", () => {
    const sent = mark(kept("好"), "m0", "sending");
    expect(settle(sent, [echo(4, "好")])).toHaveLength(1);
    expect(settle(kept("好"), [echo(6, "好")])).toHaveLength(1);
  });

  it("trusts the message's own id over its words where the log names it", () => {
    const box = mark(kept("好"), "m0", "sending");
    expect(settle(box, [echo(6, "好", "other")])).toHaveLength(1);
    expect(settle(box, [echo(6, "好", "m0")])).toEqual([]);
  });

  it("sends what was on its way again after a reload, under the same id", () => {
    const box = mark(kept("一"), "m0", "sending");
    const back = restore(JSON.stringify(box));
    expect(nextToSend(back)?.id).toBe("m0");
    expect(settle(back, [echo(6, "一")])).toEqual([]);
  });

  it("starts empty when what was kept cannot be read", () => {
    expect(restore(null)).toEqual([]);
    expect(restore("{broken")).toEqual([]);
    expect(restore('{"id": 1}')).toEqual([]);
  });

  it("follows into a new conversation, whose log begins at one", () => {
    const box = mark(rebase(mark(kept("一"), "m0", "sending")), "m0", "sending");
    expect(settle(box, [echo(1, "一")])).toEqual([]);
  });

  it("forgets a message the citizen gave up", () => {
    expect(drop(kept("一", "二"), "m0").map((entry) => entry.id)).toEqual(["m1"]);
  });
});
