import { momentOf } from "../office/clock";
import { say } from "../words";

/** 我的登录: one of one's own log-ins. */
export interface OwnSession {
  id: string;
  opened_at: string | null;
  seen_at: string;
  current: boolean;
}

/** Say when it began, where that is known, and when it was last used. */
export function lineOf(session: OwnSession): string {
  const seen = momentOf(session.seen_at);
  return session.opened_at ? say("sessions.line", { opened: momentOf(session.opened_at), seen }) : say("sessions.line_unknown", { seen });
}
