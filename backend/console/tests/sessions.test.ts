import { expect, it } from "vitest";

import { lineOf, type OwnSession } from "../src/staff/sessions";

const session = (over: Partial<OwnSession> = {}): OwnSession => ({
  id: "s",
  opened_at: "2026-11-23T09:00:00+08:00",
  seen_at: "2026-11-23T11:30:00+08:00",
  current: false,
  ...over,
});

it("tells a log-in by when it began and when it was last used", () => {
  const line = lineOf(session());
  expect(line).toContain("11/23 09:00");
  expect(line).toContain("11/23 11:30");
});

it("leaves out when a log-in began that nobody wrote down", () => {
  const line = lineOf(session({ opened_at: null }));
  expect(line).not.toContain("09:00");
  expect(line).toContain("11/23 11:30");
});
