import { describe, expect, it } from "vitest";

import { type Access, deedOf } from "../src/accesses/access";
import { trouble } from "../src/parts/decision";
import { dueOf, type PersonalRequest, questionOf, states, stepsOf, weighty } from "../src/personal/request";
import { say } from "../src/words";

const request: PersonalRequest = {
  number: "GX2026112300001",
  kind: "copy",
  state: "open",
  verified: true,
  opened_at: "2026-11-23T09:00:00+08:00",
  due_at: "2026-12-14T17:00:00+08:00",
  due_provisional: false,
  overdue: false,
  ended_at: null,
  conversation_id: "web-1",
  why: "",
  timeline: [{ at: "2026-11-23T09:00:00+08:00", step: "asked", staff_name: null }],
  steps: ["copy", "done", "refuse"],
};

describe("a request about personal data", () => {
  it("tells who did what, and the reason with the step that ended it", () => {
    const given = { at: "2026-11-24T09:00:00+08:00", step: "given", staff_name: "主管老赵" } as const;
    const refused = { at: "2026-11-24T10:00:00+08:00", step: "refused", staff_name: "主管老赵" } as const;
    const over = { ...request, state: "refused" as const, why: "不是本人来取", timeline: [...request.timeline, given, refused] };
    expect(stepsOf(over).map(({ label, note }) => [label, note])).toEqual([
      ["市民提出", ""],
      ["取走副本", "主管老赵"],
      ["不予办理", "主管老赵 · 不是本人来取"],
    ]);
  });

  it("asks for a reason of six characters before the office is asked", () => {
    const question = questionOf("refuse", "copy");
    expect(trouble(question, { why: "不行" })).toBe("why_needed");
    expect(trouble(question, { why: "不是本人来取" })).toBeNull();
    expect([question.whyNeeded, question.whyMost]).toEqual(["请写明理由，至少写 6 个字。", 200]);
  });

  it("says what the citizen is told, by what was asked", () => {
    expect(questionOf("done", "copy").body).toContain("到大厅来取");
    expect(questionOf("done", "correct").body).toContain("改好了");
    expect(questionOf("erase", "erase").body).toContain("找不回来");
  });

  it("marks a day that may still move", () => {
    expect(dueOf(request, () => "12/14 17:00")).toBe("12/14 17:00");
    expect(dueOf({ ...request, due_provisional: true }, () => "12/14 17:00")).toBe("12/14 17:00（暂定）");
  });

  it("has words for every state and step", () => {
    for (const state of states) expect(say(`personal.states.${state}`)).toBeTruthy();
    for (const step of ["copy", "erase", "done", "refuse"]) expect(say(`personal.steps.${step}`)).toBeTruthy();
    expect(weighty).toEqual(["erase", "refuse"]);
  });
});

it("names to an auditor who took a copy or erased", () => {
  const named = (action: string): string => deedOf({ action } as Access);
  expect([named("personal.copy"), named("personal.erase")]).toEqual(["取个人信息副本", "删除个人信息"]);
});
