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

/** 账号变动: something that was done to an account, or a log-in. */
export interface AccountEvent {
  at: string;
  type: string;
  by: string;
  at_machine: boolean;
  own: boolean;
  roles: string[];
}

/** Give a step of a timeline: what was done and, where it was somebody else, by whom. */
export function stepOf(event: AccountEvent): { at: string; label: string; note: string } {
  const label = say(`accesses.account.${event.type.replace("staff.", "")}`);
  const name = event.at_machine ? [say("accesses.machine"), event.by].filter(Boolean).join(" ") : event.by;
  // Wrong passwords lock an account, whoever typed them.
  const by = event.own || event.type === "staff.locked" ? "" : say("accesses.by", { name });
  const roles = event.roles.map((role) => say(`role.${role}`));
  return { at: event.at, label, note: [...roles, by].filter(Boolean).join(" · ") };
}

/** 核对: what a look through the whole log found. */
export interface Verdict {
  intact: boolean;
  broken_at: number | null;
  strangers: number;
  as_noted: boolean | null;
  last_seq: number;
  last_code: string;
}

/** Say what was found. */
export function foundOf(verdict: Verdict): string {
  if (verdict.broken_at !== null) return say("accesses.broken", { seq: verdict.broken_at });
  if (verdict.strangers) return say("accesses.strangers", { count: verdict.strangers });
  if (verdict.as_noted === false) return say("accesses.not_as_noted");
  if (!verdict.last_seq) return say("accesses.empty");
  return say("accesses.intact", { seq: verdict.last_seq, code: verdict.last_code });
}

/** Say what was done: `case.reveal` is a case, seen in clear. */
export function deedOf(access: Access): string {
  const [what, deed] = access.action.split(".");
  return say(`accesses.actions.${what}.${deed}`);
}
