import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { pieces } from "../src/chat/telephone";

const called = (text: string) => pieces(text).flatMap((piece) => (piece.call ? [piece.call] : []));

describe("numbers that can be called", () => {
  it("are emergency numbers, hotlines and landlines", () => {
    expect(called("打 12356，有危险打 110、120；燃气抢修 000-12340777。反诈 96110，供电 95598")).toEqual([
      "tel:12356", "tel:110", "tel:120", "tel:00012340777", "tel:96110", "tel:95598",
    ]);
  });

  it("are no amounts, times, dates or numbers of cases", () => {
    for (const text of ["补一本 120 元", "120 天", "单号 GD2026113000119", "12:00–13:30", "2026-11-30", "12345678901", "110平米"]) {
      expect(called(text), text).toEqual([]);
    }
  });

  it("are those of every hall and department", () => {
    const data = join(import.meta.dirname, "../../../data");
    const files = readdirSync(join(data, "catalogue")).map((name) => join(data, "catalogue", name));
    const written = [join(data, "offices.yml"), ...files].map((file) => readFileSync(file, "utf8")).join("\n");
    const phones = [...written.matchAll(/\bphone: "(\d[\d-]+)"/g)].map((found) => found[1] as string);
    expect(phones.length).toBeGreaterThan(20);
    for (const phone of phones) expect(called(phone), phone).toEqual([`tel:${phone.replace("-", "")}`]);
  });

  it("leave the text as it was", () => {
    const text = "先打 110。\n再打 12338，不要怕";
    expect(pieces(text).map((piece) => piece.text).join("")).toBe(text);
  });
});
