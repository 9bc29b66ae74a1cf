import { describe, expect, it } from "vitest";

import { offered as caseSteps } from "../src/cases/case";
import { dangerOf, type Handoff, read, sorted, unread } from "../src/handoffs/queue";
import { detailLines, merge, type TalkMessage } from "../src/handoffs/talk";
import { calm } from "../src/office/calm";
import { momentOf, secondOf, since } from "../src/office/clock";
import type { DeskEvent } from "../src/office/feed";
import { ringOf, titleOf } from "../src/office/ring";
import { linesOf, trouble } from "../src/parts/decision";
import { offered as reportSteps, usualUnit } from "../src/reports/report";
import { accountTrouble, type NewAccount } from "../src/staff/account";
import { say } from "../src/words";

const handoff = (id: string, minute: number, over: Partial<Handoff> = {}): Handoff => ({
  handoff_id: id,
  conversation_id: `c-${id}`,
  channel: "web",
  priority: false,
  danger: null,
  release_at: null,
  ended_at: null,
  has_words: false,
  reason: "asked",
  summary: "",
  state: "waiting",
  opened_at: `2026-11-22T09:${String(minute).padStart(2, "0")}:00+08:00`,
  claimed_by: null,
  last_seq: 10,
  ...over,
});

describe("the queue", () => {
  it("puts whoever waits longest first, and my citizens apart from my colleagues'", () => {
    const me = { id: "me", name: "我" };
    const queue = sorted(
      [
        handoff("late", 30),
        handoff("early", 10),
        handoff("mine", 20, { state: "claimed", claimed_by: me }),
        handoff("other", 20, { state: "claimed", claimed_by: { id: "x", name: "他" } }),
        handoff("gone", 1, { state: "returned" }),
      ],
      "me",
    );
    expect(queue.waiting.map((one) => one.handoff_id)).toEqual(["early", "late"]);
    expect(queue.mine.map((one) => one.handoff_id)).toEqual(["mine"]);
    expect(queue.others.map((one) => one.handoff_id)).toEqual(["other"]);
  });

  it("puts whoever may be in danger before all others, also in one's own talks", () => {
    const me = { id: "me", name: "我" };
    const talk = { state: "claimed", claimed_by: me } as const;
    const queue = sorted([handoff("early", 10), handoff("danger", 30, { priority: true }), handoff("a", 1, talk), handoff("b", 2, { ...talk, priority: true })], "me");
    expect(queue.waiting.map((one) => one.handoff_id)).toEqual(["danger", "early"]);
    expect(queue.mine.map((one) => one.handoff_id)).toEqual(["b", "a"]);
  });

  it("names a danger in words, whatever it is called", () => {
    expect(dangerOf(handoff("a", 1, { danger: "fire" }))).toBe("着火");
    expect(dangerOf(handoff("a", 1, { danger: "被狗追" }))).toBe("被狗追");
    expect(dangerOf(handoff("a", 1, { danger: "unheard_of" }))).toBe("有危险");
    expect(dangerOf(handoff("a", 1))).toBe("有危险");
  });

  it("counts what came after the last look, and nothing before the first", () => {
    const one = handoff("a", 1);
    expect(unread({}, one)).toBe(0);
    expect(unread(read({}, "a", 7), one)).toBe(3);
    expect(unread(read(read({}, "a", 10), "a", 4), one)).toBe(0);
  });
});

describe("the bell of the desk", () => {
  const event = (name: string, data: Record<string, unknown> = {}): DeskEvent => ({ type: "event", position: 1, name, data });

  it("rings at every desk for whoever waits, and louder for danger", () => {
    expect(ringOf(event("handoff.opened"), "me")).toBe("opened");
    expect(ringOf(event("handoff.released"), "me")).toBe("released");
    expect(ringOf(event("handoff.overdue"), "me")).toBe("overdue");
    expect(ringOf(event("handoff.opened", { priority: true }), "me")).toBe("danger");
    expect(ringOf(event("handoff.alarm", { claimed_by: { id: "other" }, priority: true }), "me")).toBe("danger");
    expect(ringOf(event("message.appended"), "me")).toBeNull();
  });

  it("rings at one desk for what concerns only that one, and never for one's own deeds", () => {
    expect(ringOf(event("handoff.warned", { claimed_by: { id: "me" } }), "me")).toBe("warned");
    expect(ringOf(event("handoff.warned", { claimed_by: { id: "other" } }), "me")).toBeNull();
    expect(ringOf(event("handoff.transferred", { claimed_by: { id: "me" } }), "me")).toBe("transferred");
    expect(ringOf(event("handoff.taken_over", { taken_from: { id: "me" } }), "me")).toBe("taken_over");
    expect(ringOf(event("handoff.released", { who: { id: "me" } }), "me")).toBeNull();
  });

  it("tells in the tab's name who waits and whether it is urgent", () => {
    expect(titleOf(0, false, say)).toBe("跑一次 · 工作台");
    expect(titleOf(2, false, say)).toBe("(2) 跑一次 · 工作台");
    expect(titleOf(2, true, say)).toBe("【紧急】(2) 跑一次 · 工作台");
  });
});

describe("a conversation on the desk", () => {
  const said = (seq: number): TalkMessage => ({
    message_id: `m${seq}`,
    seq,
    direction: "in",
    author: { kind: "citizen" },
    body: { kind: "text", text: "" },
    at: "2026-11-22T09:00:00+08:00",
  });

  it("shows each message once, in order", () => {
    expect(merge([said(1), said(3)], [said(2), said(3)]).map((one) => one.seq)).toEqual([1, 2, 3]);
  });

  it("shows as text what the citizen saw as a card", () => {
    const lines = detailLines({ kind: "card", title: "T", fields: [{ label: "A", value: "1" }], sections: [{ title: "S", lines: ["x", "y"] }] });
    expect(lines).toEqual(["T", "A：1", "S：x；y"]);
  });
});

describe("a decision", () => {
  it("names everything that is missing, one thing a line", () => {
    expect(linesOf(" 户口簿 \n\n户口簿\n照片")).toEqual(["户口簿", "照片"]);
  });

  it("is not sent without what the step needs", () => {
    expect(trouble({ title: "", asksMissing: true, needsWhy: true }, { why: "x", missing: [] })).toBe("missing_needed");
    expect(trouble({ title: "", needsWhy: true }, { why: "" })).toBe("why_needed");
    expect(trouble({ title: "", units: ["A"] }, { why: "", unit: "" })).toBe("unit_needed");
    expect(trouble({ title: "" }, { why: "" })).toBeNull();
  });

  it("offers the usual step first and only what the office allows", () => {
    expect(caseSteps(["return", "pre-accept", "unknown"])).toEqual(["pre-accept", "return"]);
    expect(reportSteps(["reject", "sign"])).toEqual(["sign", "reject"]);
  });

  it("proposes the category's department when it is a unit of the district", () => {
    expect(usualUnit({ department: "A", units: ["A", "B"] })).toBe("A");
    expect(usualUnit({ department: "C", units: ["A"] })).toBe("");
    expect(usualUnit({ department: null, units: [] })).toBe("");
  });
});

describe("a new account", () => {
  const account = (over: Partial<NewAccount> = {}): NewAccount => ({ username: "wang", name: "小王", password: "a-long-password", roles: ["agent"], ...over });

  it("needs a name, a role and a password that was written twice", () => {
    expect(accountTrouble(account(), "a-long-password")).toBeNull();
    expect(accountTrouble(account({ name: " " }), "a-long-password")).toBe("unnamed");
    expect(accountTrouble(account({ roles: [] }), "a-long-password")).toBe("roles_none");
    expect(accountTrouble(account({ password: "short" }), "short")).toBe("password_short");
    expect(accountTrouble(account(), "another-password")).toBe("password_differs");
  });

  it("grants rights or does the work, never both", () => {
    expect(accountTrouble(account({ roles: ["admin", "approver"] }), "a-long-password")).toBe("roles_conflict");
    expect(accountTrouble(account({ roles: ["admin"] }), "a-long-password")).toBeNull();
  });

  it("audits, or does or grants what is audited, never both", () => {
    expect(accountTrouble(account({ roles: ["auditor", "agent"] }), "a-long-password")).toBe("roles_conflict");
    expect(accountTrouble(account({ roles: ["auditor"] }), "a-long-password")).toBeNull();
    expect(accountTrouble(account({ roles: ["agent", "dispatcher"] }), "a-long-password")).toBeNull();
  });
});

describe("time on the desk", () => {
  it("is the office's, wherever the browser is", () => {
    expect(momentOf("2026-11-22T01:05:00Z")).toContain("09:05");
    expect(momentOf(null)).toBe("–");
  });

  it("is told to the second where it is a record", () => {
    expect(secondOf("2026-11-22T01:05:07Z")).toMatch(/2026.11.22.*09:05:07/);
  });

  it("tells a wait in the largest fitting unit", () => {
    const now = new Date("2026-11-22T12:00:00Z");
    expect(since("2026-11-22T11:55:00Z", now)).toMatch(/^5 /);
    expect(since("2026-11-22T09:00:00Z", now)).toMatch(/^3 /);
    expect(since("2026-11-19T12:00:00Z", now)).toMatch(/^3 /);
  });
});

it("reads a burst of events as one, and what came meanwhile once more", async () => {
  let runs = 0;
  let finish: () => void = () => undefined;
  const waits: (() => void)[] = [];
  const soon = calm(
    () => {
      runs += 1;
      return new Promise((done) => (finish = done));
    },
    (run) => waits.push(run),
  );
  soon();
  soon();
  expect(waits).toHaveLength(1);
  waits[0]?.();
  soon();
  soon();
  expect([runs, waits.length]).toEqual([1, 1]);
  finish();
  await new Promise((done) => setImmediate(done));
  waits[1]?.();
  expect(runs).toBe(2);
});
