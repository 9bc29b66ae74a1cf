/** 办件: one line of the list. */
export interface CaseLine {
  number: string;
  item_code: string;
  item_name: string;
  department: string;
  state: string;
  applicant_masked: string;
  submitted_at: string;
  deadline: string | null;
  overdue: boolean;
}

/** 办件: everything the desk shows of one. */
export interface Case extends CaseLine {
  timeline: { at: string; label: string; note?: string }[];
  fields: { name: string; label: string; value: string }[];
  media: { name: string; label: string; media_id: string }[];
  missing: string[];
  told: string[];
  steps: string[];
}

export const states = ["submitted", "pre_accepted", "returned", "accepted", "approved", "declined", "concluded"] as const;

/** The order in which steps are offered; the office says which of them are open. */
const order = ["pre-accept", "accept", "approve", "conclude", "return", "decline"];

/** Steps that need a reason the citizen will read. */
export const reasoned = ["return", "decline"];

/** Give the open steps, the usual way first. */
export function offered(steps: readonly string[]): string[] {
  return order.filter((step) => steps.includes(step));
}
