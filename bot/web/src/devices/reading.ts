import { ref } from "vue";

/** The seq of the message being read aloud, or null. */
export const readingNow = ref<number | null>(null);

export const canRead = "speechSynthesis" in window;

/** Read a message aloud, a little slower than usual; reading the same one again stops it. */
export function readAloud(seq: number, text: string): void {
  speechSynthesis.cancel();
  if (readingNow.value === seq) {
    readingNow.value = null;
    return;
  }
  const speech = new SpeechSynthesisUtterance(text);
  speech.lang = "zh-CN";
  speech.rate = 0.9;
  speech.onend = speech.onerror = () => {
    if (readingNow.value === seq) readingNow.value = null;
  };
  readingNow.value = seq;
  speechSynthesis.speak(speech);
}
