/** 回执: what anyone may see of a receipt; no personal data is among it. */
export interface ReceiptFacts {
  genuine: boolean;
  rows: { key: "number" | "item" | "department" | "state" | "issued" | "updated"; value: string; moment: boolean }[];
}

const names = {
  number: ["number", "case_number"],
  item: ["item_name", "item"],
  department: ["department"],
  state: ["state_label", "state"],
  issued: ["issued_at", "submitted_at", "at"],
  updated: ["updated_at"],
} as const;

/** Read the office's answer; a receipt counts as genuine only when the office says so. */
export function readFacts(answer: Record<string, unknown>): ReceiptFacts {
  const rows: ReceiptFacts["rows"] = [];
  for (const [key, candidates] of Object.entries(names) as [ReceiptFacts["rows"][number]["key"], readonly string[]][]) {
    const value = candidates.map((name) => answer[name]).find((found) => typeof found === "string" && found);
    if (typeof value === "string") rows.push({ key, value, moment: key === "issued" || key === "updated" });
  }
  return { genuine: answer.genuine === true, rows };
}
