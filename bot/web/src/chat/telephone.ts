import { say } from "../words";

/** A piece of a text: words, or a number that can be called. */
export interface Piece {
  text: string;
  call?: string;
}

// Emergency numbers (110), hotlines (12356, 96110, 95598) and landlines with their area (000-12340777).
// What stands before a unit is an amount, and the digits of a ticket's number are none of these.
const NUMBER = new RegExp(
  `(?<![\\w.:-])(?:0\\d{2,3}-\\d{7,8}|12\\d{3}|9[56]\\d{3}|1(?:10|19|20|22))(?!\\d|[.:-]\\d|\\s*[${say("amount.units")}])`,
  "g",
);

/** Divide a text at the telephone numbers in it. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(NUMBER)) {
    if (match.index > at) found.push({ text: text.slice(at, match.index) });
    found.push({ text: match[0], call: `tel:${match[0].replace("-", "")}` });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ text: text.slice(at) });
  return found;
}
