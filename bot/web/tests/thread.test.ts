import { describe, expect, it } from "vitest";

import type { LogMessage, Reply } from "../src/chat/message";
import { answered, emptyThread, gapBefore, merge, openChips, unknown } from "../src/chat/thread";

const at = "2026-11-22T09:00:00+08:00";
const inbound = (seq: number): LogMessage => ({
  seq,
  direction: "in",
  author: { kind: "citizen" },
  body: { kind: "text", text: "问" },
  at,
});
const outbound = (seq: number, reply: Partial<Reply> = {}): LogMessage => ({
  seq,
  direction: "out",
  author: { kind: "bot" },
  body: { kind: "text", text: "答", ...reply },
  at,
});
const chips = [{ title: "找人工", payload: "/ask_human" }];

describe("the thread", () => {
  it("stands in the log's order, whatever order things arrive in", () => {
    const thread = merge(merge(emptyThread, [outbound(3), inbound(1)]), [outbound(2)]);
    expect(thread.messages.map((message) => message.seq)).toEqual([1, 2, 3]);
    expect(thread.lastSeq).toBe(3);
  });

  it("shows a message once however often it arrives", () => {
    const once = merge(emptyThread, [inbound(1), inbound(1)]);
    expect(once.messages).toHaveLength(1);
    expect(merge(once, [inbound(1)])).toBe(once);
    expect(unknown(once, [inbound(1), outbound(2), outbound(2)]).map((message) => message.seq)).toEqual([2]);
  });

  it("notices a number it was never told", () => {
    const thread = merge(emptyThread, [inbound(1)]);
    expect(gapBefore(thread, outbound(2))).toBe(false);
    expect(gapBefore(thread, outbound(3))).toBe(true);
  });

  it("knows whether what was said after a place has its answer", () => {
    const before = merge(emptyThread, [inbound(1), outbound(2)]);
    expect(answered(before, 2)).toBe(false);
    expect(answered(merge(before, [inbound(3)]), 2)).toBe(false);
    expect(answered(merge(before, [inbound(3), outbound(4)]), 2)).toBe(true);
    expect(answered(merge(before, [inbound(3), outbound(4), inbound(5)]), 2)).toBe(false);
  });

  it("offers the chips of the last turn only", () => {
    const asked = merge(emptyThread, [inbound(1), outbound(2, { chips })]);
    expect(openChips(asked)).toEqual(chips);
    expect(openChips(merge(asked, [inbound(3)]))).toEqual([]);
    expect(openChips(merge(asked, [inbound(3), outbound(4)]))).toEqual([]);
  });

  it("keeps a turn's chips when a second reply without any follows", () => {
    const thread = merge(emptyThread, [inbound(1), outbound(2, { chips }), outbound(3)]);
    expect(openChips(thread)).toEqual(chips);
  });
});
