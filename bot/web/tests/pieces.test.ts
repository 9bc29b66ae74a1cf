import { describe, expect, it } from "vitest";

import { dayOf, momentOf, timeOf } from "../src/chat/clock";
import { safeLink } from "../src/chat/message";
import { spoken } from "../src/chat/spoken";
import { fileTrouble, MAX_BYTES } from "../src/devices/file";
import { readFacts } from "../src/receipt/receipt";
import { receiptIn } from "../src/route";

describe("a file before its upload", () => {
  it("may be a photo or a PDF of up to ten megabytes", () => {
    expect(fileTrouble({ size: MAX_BYTES, type: "image/jpeg" })).toBeNull();
    expect(fileTrouble({ size: 1, type: "application/pdf" })).toBeNull();
  });

  it("is refused kindly when too large, empty or of another kind", () => {
    expect(fileTrouble({ size: MAX_BYTES + 1, type: "image/jpeg" })).toBe("too_large");
    expect(fileTrouble({ size: 0, type: "image/jpeg" })).toBe("empty");
    expect(fileTrouble({ size: 1, type: "application/x-msdownload" })).toBe("unsupported");
  });
});

describe("a moment", () => {
  const words = { today: "T", yesterday: "Y" };

  it("is told in the office's time zone, wherever the phone is", () => {
    expect(timeOf("2026-11-22T01:05:00Z")).toBe("09:05");
    expect(momentOf("2026-11-22T16:30:00Z")).toBe("11月23日 00:30");
  });

  it("is of today, of yesterday or of a named day", () => {
    const now = new Date("2026-11-22T04:00:00Z");
    expect(dayOf("2026-11-22T01:00:00Z", now, words)).toBe("T");
    expect(dayOf("2026-11-21T01:00:00Z", now, words)).toBe("Y");
    expect(dayOf("2026-11-01T01:00:00Z", now, words)).toBe("11月1日");
  });

  it("is shown as it stands when it is none", () => {
    expect(momentOf("soon")).toBe("soon");
  });
});

describe("a link in a reply", () => {
  it("leads to this origin or to the web", () => {
    expect(safeLink("/#/receipt/a", "http://here")).toBe("http://here/#/receipt/a");
    expect(safeLink("https://there/x", "http://here")).toBe("https://there/x");
  });

  it("never runs a script", () => {
    expect(safeLink("javascript:alert(1)", "http://here")).toBeNull();
    expect(safeLink("data:text/html,x", "http://here")).toBeNull();
    expect(safeLink("http://[", "http://here")).toBeNull();
  });
});

describe("a receipt", () => {
  it("is named by the address its QR code leads to", () => {
    expect(receiptIn("#/receipt/abc.def-1")).toBe("abc.def-1");
    expect(receiptIn("#/")).toBeNull();
    expect(receiptIn("#/receipt/%E0%A4%A")).toBe("%E0%A4%A");
  });

  it("is genuine only when the office says so", () => {
    expect(readFacts({ genuine: true, number: "BJ2026112200001" }).genuine).toBe(true);
    expect(readFacts({ genuine: "true" }).genuine).toBe(false);
    expect(readFacts({}).rows).toEqual([]);
  });
});

it("reads a card aloud in the order the eye sees it", () => {
  const text = spoken({
    kind: "card",
    text: "A。",
    title: "B",
    fields: [{ label: "C", value: "D" }],
    sections: [{ title: "E", lines: ["F"] }],
  });
  expect(text.replace(/\n/g, "")).toBe("A。B。C：D。E。F");
});
