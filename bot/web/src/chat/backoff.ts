/** Wait before the n-th reconnect, in milliseconds: doubling to 5 s, so that whoever waited through
 * an outage is answered soon after it, with a spread so that a restarted office is not met by
 * everybody at once. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(5_000, 500 * 2 ** Math.min(attempt, 10));
  return Math.round(ceiling * (0.5 + random() / 2));
}
