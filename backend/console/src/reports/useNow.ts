import { onMounted, onUnmounted, ref } from "vue";

const EVERY_MS = 10_000;

/** The present moment, true to ten seconds for as long as it is shown. */
export function useNow() {
  const now = ref(new Date());
  let timer = 0;
  onMounted(() => (timer = window.setInterval(() => (now.value = new Date()), EVERY_MS)));
  onUnmounted(() => window.clearInterval(timer));
  return now;
}
