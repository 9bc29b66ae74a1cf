import type { Role } from "../office/session";

/** One account as the office tells it. */
export interface Account {
  id: string;
  name: string;
  username: string;
  roles: Role[];
  disabled: boolean;
  second_factor: boolean;
}

/** What is written down to open an account. */
export interface NewAccount {
  username: string;
  name: string;
  password: string;
  roles: Role[];
}

export const allRoles: readonly Role[] = ["agent", "supervisor", "approver", "dispatcher", "admin", "auditor"];

const alone: readonly Role[] = ["admin", "auditor"];

const LEAST_PASSWORD = 12;

/** Say what is wrong with a new password before the office is asked; the office checks again. */
export function passwordTrouble(password: string, again: string): "password_short" | "password_differs" | null {
  if (password.length < LEAST_PASSWORD) return "password_short";
  return password === again ? null : "password_differs";
}

/** Say what is still wanting of a new account; the office checks again. */
export function accountTrouble(account: NewAccount, again: string): "unnamed" | "roles_none" | "roles_conflict" | "password_short" | "password_differs" | null {
  if (!account.username.trim() || !account.name.trim()) return "unnamed";
  if (!account.roles.length) return "roles_none";
  if (account.roles.length > 1 && account.roles.some((role) => alone.includes(role))) return "roles_conflict";
  return passwordTrouble(account.password, again);
}
