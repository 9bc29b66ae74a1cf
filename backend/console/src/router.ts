import { createRouter, createWebHashHistory, type RouteRecordRaw } from "vue-router";

import { holds, ready, type Role, session } from "./office/session";

export interface Room {
  name: "handoffs" | "cases" | "reports" | "personal" | "staff" | "accesses";
  roles: Role[];
}

/** The desk's rooms and who may enter; the office itself checks every call again. */
export const rooms: Room[] = [
  { name: "handoffs", roles: ["agent", "supervisor", "admin"] },
  { name: "cases", roles: ["approver", "admin"] },
  { name: "reports", roles: ["dispatcher", "admin"] },
  { name: "personal", roles: ["supervisor", "admin"] },
  { name: "staff", roles: ["admin"] },
  { name: "accesses", roles: ["auditor"] },
];

/** Give the first room the person may enter. */
export function homeRoom(): string {
  if (session.token && !ready()) return "first-steps";
  return rooms.find((room) => holds(...room.roles))?.name ?? "login";
}

const routes: RouteRecordRaw[] = [
  { path: "/login", name: "login", component: () => import("./login/LoginPage.vue") },
  { path: "/first-steps", name: "first-steps", component: () => import("./login/FirstStepsPage.vue") },
  { path: "/handoffs/:id?", name: "handoffs", component: () => import("./handoffs/HandoffsPage.vue") },
  { path: "/cases/:number?", name: "cases", component: () => import("./cases/CasesPage.vue") },
  { path: "/reports/:number?", name: "reports", component: () => import("./reports/ReportsPage.vue") },
  { path: "/personal/:number?", name: "personal", component: () => import("./personal/RequestsPage.vue") },
  { path: "/staff", name: "staff", component: () => import("./staff/StaffPage.vue") },
  { path: "/accesses", name: "accesses", component: () => import("./accesses/AccessesPage.vue") },
  { path: "/:rest(.*)*", redirect: () => ({ name: homeRoom() }) },
];

export const router = createRouter({ history: createWebHashHistory("/desk/"), routes });

router.beforeEach((to) => {
  if (to.name === "login") return session.token ? { name: homeRoom() } : true;
  if (!session.token) return { name: "login", query: { next: to.fullPath } };
  if (ready() === (to.name === "first-steps")) return { name: homeRoom() };
  const room = rooms.find((one) => one.name === to.name);
  return !room || holds(...room.roles) ? true : { name: homeRoom() };
});
