/** Days and times as a person says them, in the office's time zone. */
const day = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", month: "long", day: "numeric" });
const time = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false });
const DAY_MS = 86_400_000;

/** Say the day of a moment: 今天, 昨天, or 11月20日. */
export function dayOf(at: string, now: Date, words: { today: string; yesterday: string }): string {
  const said = day.format(new Date(at));
  if (said === day.format(now)) return words.today;
  if (said === day.format(new Date(now.getTime() - DAY_MS))) return words.yesterday;
  return said;
}

/** Say the time of a moment: 09:05. */
export function timeOf(at: string): string {
  return time.format(new Date(at));
}

/** Say day and time of a moment: 11月20日 09:05; what is no moment is said as it stands. */
export function momentOf(at: string): string {
  const moment = new Date(at);
  return Number.isNaN(moment.getTime()) ? at : `${day.format(moment)} ${time.format(moment)}`;
}
