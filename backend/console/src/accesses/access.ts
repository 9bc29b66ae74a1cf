import { say } from "../words";

/** 查阅记录: one look of staff at personal data. */
export interface Access {
  at: string;
  staff_id: string;
  staff_name: string;
  action: string;
  entity: string;
  entity_id: string;
  why: string;
}

/** Say what was done: `case.reveal` is a case, seen in clear. */
export function deedOf(access: Access): string {
  const [what, deed] = access.action.split(".");
  return say(`accesses.actions.${what}.${deed}`);
}

/** Give the room in which what was looked at can be opened, if there is one. */
export function roomOf(access: Access): "cases" | "reports" | "handoffs" | null {
  const rooms: Record<string, "cases" | "reports" | "handoffs"> = { case: "cases", report: "reports", handoff: "handoffs" };
  return rooms[access.entity] ?? null;
}
