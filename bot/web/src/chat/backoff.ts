import type { OfficeError } from "./api";

const LONGEST_TURN = 60_000;

/** Wait before the n-th reconnect, in milliseconds: doubling to 5 s, so that whoever waited through
 * an outage is answered soon after it, with a spread so that a restarted office is not met by
 * everybody at once. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(5_000, 500 * 2 ** Math.min(attempt, 10));
  return Math.round(ceiling * (0.5 + random() / 2));
}

/** Wait, in milliseconds, until whoever is told to come again has their turn. Of an office that is
 * away nothing is known, so it is asked sooner. */
export function turnAt(error: OfficeError): number {
  return error.status === 429 ? Math.min(LONGEST_TURN, error.retryAfter * 1_000) : 0;
}
