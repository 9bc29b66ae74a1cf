import { onMounted, onUnmounted, ref } from "vue";

import { type DeskEvent, Feed } from "./feed";
import { end, session } from "./session";

type Listener = (event: DeskEvent) => void;

const listeners = new Set<Listener>();
const comebacks = new Set<() => void>();

/** Whether the line to the office stands; null before the first try. */
export const online = ref<boolean | null>(null);

const feed = new Feed({
  dial: () => new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/v1/desk/ws`) as never,
  token: () => session.token,
  onEvent: (event) => listeners.forEach((listener) => listener(event)),
  onLink: (open) => (online.value = open),
  onReady: () => comebacks.forEach((comeback) => comeback()),
  onExpired: () => end(true),
  later: (run, ms) => window.setTimeout(run, ms),
  forget: (timer) => window.clearTimeout(timer),
});

/** Begin to listen for the person who logged in. */
export function goLive(): void {
  feed.start();
}

/** Stop listening and forget the position: the next person starts anew. */
export function goQuiet(): void {
  feed.stop();
  feed.position = null;
  online.value = null;
}

/** Call `listener` for every event while a component is shown, and `comeback` whenever the feed begins anew. */
export function useEvents(listener: Listener, comeback?: () => void): void {
  onMounted(() => {
    listeners.add(listener);
    if (comeback) comebacks.add(comeback);
  });
  onUnmounted(() => {
    listeners.delete(listener);
    if (comeback) comebacks.delete(comeback);
  });
}
