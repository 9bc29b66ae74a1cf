import { onMounted, onUnmounted, ref } from "vue";

/** Below this the columns that tell how a thing stands find no place beside its number. */
export const PHONE = 640;

/** Whether the window is too narrow, in pixels, for every column of a table. */
export function useNarrow(pixels = 1000) {
  const query = window.matchMedia(`(max-width: ${pixels}px)`);
  const narrow = ref(query.matches);
  const look = (): void => {
    narrow.value = query.matches;
  };
  onMounted(() => query.addEventListener("change", look));
  onUnmounted(() => query.removeEventListener("change", look));
  return narrow;
}
