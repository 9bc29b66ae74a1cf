/** 工单: one line of the list. */
export interface ReportLine {
  number: string;
  summary: string;
  category_name: string | null;
  priority: "normal" | "high" | "urgent";
  urgent: boolean;
  owner: string;
  grid: { code: string; name: string; community: string; street: string } | null;
  state: string;
  registered_at: string;
  due_at: string;
  overdue: boolean;
}

/** 工单: everything the desk shows of one. */
export interface Report extends ReportLine {
  timeline: { at: string; label: string; note?: string }[];
  department: string | null;
  text: string;
  place: string;
  contact_phone: string;
  media_ids: string[];
  notes: { at: string; text: string; media_ids: string[] }[];
  bounces: number;
  steps: string[];
  units: string[];
}

export const states = ["registered", "dispatched", "signed", "resolved", "closed"] as const;

/** The order in which steps are offered; the office says which of them are open. */
const order = ["dispatch", "sign", "resolve", "close", "reject"];

/** Steps that need a reason. */
export const reasoned = ["reject", "resolve"];

/** Give the open steps, the usual way first. */
export function offered(steps: readonly string[]): string[] {
  return order.filter((step) => steps.includes(step));
}

/** Give the unit a dispatch goes to unless the dispatcher picks another: the category's department. */
export function usualUnit(report: Pick<Report, "department" | "units">): string {
  return report.department && report.units.includes(report.department) ? report.department : "";
}
