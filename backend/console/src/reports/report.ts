import { say } from "../words";

/** 位置: a point in degrees, as it was sent. */
export interface Location {
  lat: number;
  lon: number;
  system: "wgs84" | "gcj02";
  label: string;
}

/** 工单: one line of the list. */
export interface ReportLine {
  number: string;
  summary: string;
  category_name: string | null;
  priority: "normal" | "high" | "urgent";
  urgent: boolean;
  danger: string | null;
  owner: string;
  grid: { code: string; name: string; community: string; street: string } | null;
  state: string;
  registered_at: string;
  accept_by: string;
  due_at: string;
  overdue: boolean;
}

/** 补充: what the citizen added later, and what a corrected place was before. */
export interface Note {
  at: string;
  text: string;
  media_ids: string[];
  place: string;
  location: Location | null;
  contact_phone: string;
  earlier_place: string;
  earlier_location: Location | null;
}

/** 工单: everything the desk shows of one. */
export interface Report extends ReportLine {
  timeline: { at: string; label: string; note?: string }[];
  /** Why it lies where it lies, if a rule sent it there. */
  rule: string | null;
  department: string | null;
  text: string;
  place: string;
  location: Location | null;
  contact_phone: string;
  media_ids: string[];
  notes: Note[];
  bounces: number;
  steps: string[];
  units: string[];
}

export const states = ["registered", "dispatched", "signed", "resolved", "closed", "withdrawn"] as const;

/** The order in which steps are offered; the office says which of them are open. */
const order = ["dispatch", "sign", "resolve", "close", "reject"];

/** Steps that need a reason. */
export const reasoned = ["reject", "resolve"];

/** States in which somebody still has to take it on. */
const untaken = ["registered", "dispatched"];

/** States in which nothing presses any more. */
export const ended = ["resolved", "closed", "withdrawn"];

const dangers = ["fire", "gas", "water", "electric", "structure", "trapped"];

const MINUTE_MS = 60_000;

/** Give the open steps, the usual way first. */
export function offered(steps: readonly string[]): string[] {
  return order.filter((step) => steps.includes(step));
}

/** Give the unit a dispatch goes to unless the dispatcher picks another: the category's department. */
export function usualUnit(report: Pick<Report, "department" | "units">): string {
  return report.department && report.units.includes(report.department) ? report.department : "";
}

/** Say how pressing a report is, and what the danger is. */
export function pressing(report: Pick<ReportLine, "urgent" | "danger">): string {
  if (!report.urgent) return say("reports.high");
  if (!report.danger) return say("reports.urgent");
  const known = dangers.includes(report.danger) ? report.danger : "other";
  return [say("reports.urgent"), say(`reports.danger.${known}`)].join(" · ");
}

/** 受理时限: how long an urgent report may still wait until somebody takes it on; null once one has. */
export function acceptance(report: Pick<ReportLine, "urgent" | "state" | "registered_at" | "accept_by">, now: Date): { text: string; late: boolean } | null {
  if (!report.urgent || !untaken.includes(report.state)) return null;
  const until = new Date(report.accept_by).getTime();
  const limit = Math.round((until - new Date(report.registered_at).getTime()) / MINUTE_MS);
  // A clock that is read every few seconds lies a little before a report that has just come.
  const left = Math.min(limit, Math.ceil((until - now.getTime()) / MINUTE_MS));
  if (left > 0) return { text: say("reports.accept_in", { limit, left }), late: false };
  return { text: say("reports.accept_late", { limit, late: Math.max(1, -left) }), late: true };
}

/** Say where a point is, as far as a line can. */
export function spot(location: Location): string {
  const point = say("reports.spot", { lat: location.lat.toFixed(5), lon: location.lon.toFixed(5) });
  return [location.label, point].filter(Boolean).join(" · ");
}
