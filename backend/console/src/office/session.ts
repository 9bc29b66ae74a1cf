import { reactive } from "vue";

export type Role = "agent" | "supervisor" | "approver" | "dispatcher" | "admin" | "auditor";

/** What somebody does with their account before any work. */
export type FirstStep = "password" | "second_factor";

export interface Staff {
  id: string;
  name: string;
  roles: Role[];
  second_factor: boolean;
  first_steps: FirstStep[];
}

const KEY = "paoyici.desk.v2";

interface Session {
  token: string;
  staff: Staff | null;
  /** Why the last session ended, for the log-in page. */
  expired: boolean;
}

/** Read a session that survived a reload; it lives as long as the browser tab. */
function kept(): Session {
  const text = sessionStorage.getItem(KEY);
  return text ? { ...(JSON.parse(text) as Session), expired: false } : { token: "", staff: null, expired: false };
}

export const session = reactive<Session>(kept());

/** Begin a session, or take up what changed of the account. */
export function begin(token: string, staff: Staff): void {
  Object.assign(session, { token, staff, expired: false });
  sessionStorage.setItem(KEY, JSON.stringify({ token, staff }));
}

/** End the session; `expired` when the office ended it. */
export function end(expired: boolean): void {
  Object.assign(session, { token: "", staff: null, expired });
  sessionStorage.removeItem(KEY);
}

/** Tell whether somebody is logged in whose account is ready for work. */
export function ready(): boolean {
  return session.token !== "" && !session.staff?.first_steps.length;
}

/** Tell whether the person at the desk holds one of these roles. */
export function holds(...roles: Role[]): boolean {
  return roles.some((role) => session.staff?.roles.includes(role) ?? false);
}
