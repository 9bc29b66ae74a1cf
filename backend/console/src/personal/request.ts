import type { Question } from "../parts/decision";
import { say } from "../words";

export type Kind = "copy" | "correct" | "erase";

/** 个人信息请求: one line of the list. */
export interface RequestLine {
  number: string;
  kind: Kind;
  state: "open" | "done" | "refused";
  verified: boolean;
  opened_at: string;
  due_at: string;
  due_provisional: boolean;
  overdue: boolean;
  ended_at: string | null;
  /** Empty once an erasure has taken it along. */
  conversation_id: string;
  why: string;
}

/** 办理经过: what was done; without a name it was the citizen or the system. */
export interface Taken {
  at: string;
  step: "asked" | "given" | "ordered" | "done" | "refused";
  staff_name: string | null;
}

/** 个人信息请求: everything the desk shows of one. */
export interface PersonalRequest extends RequestLine {
  timeline: Taken[];
  steps: string[];
}

export const states = ["open", "done", "refused"] as const;

/** Steps that cannot be taken back. */
export const weighty = ["erase", "refuse"];

/** How long a reason is at least and at most; the office checks again. */
const LEAST = 6;
const MOST = 200;

/** Ask for the reason of a step, and say what the step does. */
export function questionOf(step: string, kind: Kind): Question {
  const about = step === "done" ? `done_${kind}` : step;
  return {
    title: say(`personal.steps.${step}`),
    body: say(`personal.about.${about}`),
    whyLabel: say(`personal.why.${step}`),
    whyNeeded: say("personal.why_needed"),
    needsWhy: true,
    whyLeast: LEAST,
    whyMost: MOST,
  };
}

/** Give the lines of a timeline: what was done and by whom; a refusal with its reason. */
export function stepsOf(request: PersonalRequest): { at: string; label: string; note: string }[] {
  return request.timeline.map(({ at, step, staff_name }) => ({
    at,
    label: say(`personal.taken.${step}`),
    note: [staff_name, step === request.state ? request.why : ""].filter(Boolean).join(" · "),
  }));
}

/** Say when it is due; a day that lies in a year whose holidays are not published yet may move. */
export function dueOf(request: RequestLine, momentOf: (at: string) => string): string {
  const due = momentOf(request.due_at);
  return request.due_provisional ? say("personal.provisional", { due }) : due;
}
