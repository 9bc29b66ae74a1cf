import { onMounted, onUnmounted, ref, watchEffect } from "vue";

import { router } from "../router";
import { say } from "../words";
import { counts, urgent } from "./counts";
import { useEvents } from "./live";
import { type Ring, ringOf, titleOf } from "./ring";
import { holds, session } from "./session";

/** Tones of a ring: frequency in hertz, beginning and length in seconds. */
const SOFT = [[660, 0, 0.18]] as const;
const LOUD = [[880, 0, 0.2], [660, 0.25, 0.2], [880, 0.5, 0.2], [660, 0.75, 0.35]] as const;

let sound: AudioContext | null = null;

/** Play tones; a browser that was not touched yet keeps them until it is. */
function beep(tones: readonly (readonly [number, number, number])[]): void {
  sound ??= new AudioContext();
  if (sound.state === "suspended") void sound.resume();
  for (const [frequency, begins, lasts] of tones) {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    volume.gain.value = 0.15;
    tone.frequency.value = frequency;
    tone.connect(volume).connect(sound.destination);
    tone.start(sound.currentTime + begins);
    tone.stop(sound.currentTime + begins + lasts);
  }
}

/** Whether the browser may show notifications, as far as it was asked. */
export const notices = ref<NotificationPermission>("Notification" in window ? Notification.permission : "denied");

/** Ask whether notifications may be shown; browsers want this to follow a press. */
export async function allowNotices(): Promise<void> {
  notices.value = await Notification.requestPermission();
}

function notify(ring: Ring, handoff: string): void {
  if (notices.value !== "granted") return;
  const shown = new Notification(say("app.title"), { body: say(`ring.${ring}`), tag: handoff, requireInteraction: ring === "danger" });
  shown.onclick = () => {
    window.focus();
    void router.push({ name: "handoffs", params: { id: handoff } });
    shown.close();
  };
}

/** Ring for whoever talks with citizens, in whichever room of the desk they are. */
export function useRing(): void {
  useEvents((event) => {
    const ring = holds("agent", "supervisor") ? ringOf(event, session.staff?.id ?? "") : null;
    if (!ring) return;
    beep(ring === "danger" ? LOUD : SOFT);
    notify(ring, String(event.data.entity_id));
  });
  const wake = (): void => void sound?.resume();
  onMounted(() => {
    window.addEventListener("pointerdown", wake);
    watchEffect(() => (document.title = titleOf(counts.handoffs, urgent.value, say)));
  });
  onUnmounted(() => {
    window.removeEventListener("pointerdown", wake);
    document.title = say("app.title");
  });
}
