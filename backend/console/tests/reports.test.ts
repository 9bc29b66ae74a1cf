import { describe, expect, it } from "vitest";

import { acceptance, pressing, spot } from "../src/reports/report";

const at = (clock: string): Date => new Date(`2026-11-23T${clock}+08:00`);
const fire = { urgent: true, danger: "fire", state: "dispatched", registered_at: "2026-11-23T09:00:00+08:00", accept_by: "2026-11-23T09:15:00+08:00" };

describe("an urgent report", () => {
  it("names the danger as people say it, and one it does not know as danger", () => {
    expect(pressing(fire)).toBe("紧急 · 着火");
    expect(pressing({ urgent: true, danger: "meteor" })).toBe("紧急 · 有危险");
    expect(pressing({ urgent: true, danger: null })).toBe("紧急");
    expect(pressing({ urgent: false, danger: null })).toBe("较急");
  });

  it("counts down until somebody must have taken it on", () => {
    expect(acceptance(fire, at("09:00:00"))).toEqual({ text: "15 分钟内受理，还剩 15 分钟", late: false });
    expect(acceptance(fire, at("08:59:52"))?.text).toContain("还剩 15 分钟");
    expect(acceptance(fire, at("09:14:01"))?.text).toContain("还剩 1 分钟");
    expect(acceptance(fire, at("09:15:00"))).toEqual({ text: "15 分钟内受理，已超时 1 分钟", late: true });
    expect(acceptance(fire, at("09:22:30"))?.text).toContain("已超时 7 分钟");
  });

  it("counts nothing once it is taken on or taken back, and for nothing that can wait", () => {
    for (const state of ["signed", "resolved", "closed", "withdrawn"]) expect(acceptance({ ...fire, state }, at("09:05:00"))).toBeNull();
    expect(acceptance({ ...fire, urgent: false }, at("09:05:00"))).toBeNull();
  });
});

it("says where a point is", () => {
  expect(spot({ lat: 30.6, lon: 104.1, system: "gcj02", label: "石桥路口" })).toBe("石桥路口 · 北纬 30.60000，东经 104.10000");
  expect(spot({ lat: 30.6, lon: 104.1, system: "gcj02", label: "" })).toBe("北纬 30.60000，东经 104.10000");
});
