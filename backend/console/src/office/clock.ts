import { say } from "../words";

const moment = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
});

/** Say day and time in the office's time zone: 11/22 09:05. */
export function momentOf(at: string | null | undefined): string {
  return at ? moment.format(new Date(at)) : "–";
}

const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", timeStyle: "medium", hour12: false });

/** Say the time of day in the office's time zone: 09:05:07. */
export function timeOf(at: string): string {
  return clock.format(new Date(at));
}

const second = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai",
  dateStyle: "short",
  timeStyle: "medium",
  hour12: false,
});

/** Say a moment to the second in the office's time zone, as a record needs it: 2026/11/22 09:05:07. */
export function secondOf(at: string): string {
  return second.format(new Date(at));
}

/** Say how long ago a moment was, in the largest fitting unit. */
export function since(at: string, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - new Date(at).getTime()) / 60_000));
  if (minutes < 1) return say("time.now");
  if (minutes < 60) return say("time.minutes", { count: minutes });
  if (minutes < 48 * 60) return say("time.hours", { count: Math.floor(minutes / 60) });
  return say("time.days", { count: Math.floor(minutes / 1440) });
}
