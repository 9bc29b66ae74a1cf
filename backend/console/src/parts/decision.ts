/** What the dialog asks before a step is taken. */
export interface Question {
  title: string;
  body?: string;
  whyLabel?: string;
  needsWhy?: boolean;
  /** Said instead of the usual words when the reason is missing. */
  whyNeeded?: string;
  /** How many characters the reason has at least and at most. */
  whyLeast?: number;
  whyMost?: number;
  asksMissing?: boolean;
  units?: string[];
  unit?: string;
}

/** 办理意见: what is sent with a step. */
export interface Decision {
  why: string;
  missing?: string[];
  unit?: string;
}

/** Read one thing a line. */
export function linesOf(text: string): string[] {
  return [...new Set(text.split("\n").map((line) => line.trim()).filter(Boolean))];
}

/** Say what is still wanting before the office is asked; the office checks again. */
export function trouble(question: Question, decision: Decision): "why_needed" | "missing_needed" | "unit_needed" | null {
  if (question.units && !decision.unit) return "unit_needed";
  if (question.asksMissing && !decision.missing?.length) return "missing_needed";
  if (question.needsWhy && decision.why.length < (question.whyLeast ?? 1)) return "why_needed";
  return null;
}
