import { OfficeError, redeemSession } from "./api";
import { keepConversation } from "./session";

const DOOR = "#/door";

/** Take up the conversation of the messaging app this page was opened from, if it was. */
export async function enterByDoor(): Promise<void> {
  if (location.hash !== DOOR) return;
  history.replaceState(null, "", location.pathname);
  try {
    keepConversation(await redeemSession());
  } catch (error) {
    // Opened again from the history: the conversation this browser has goes on.
    if (!(error instanceof OfficeError)) throw error;
  }
}
