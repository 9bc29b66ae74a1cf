import { onMounted, onUnmounted, ref } from "vue";

/** Whether the window is too narrow for every column of a table. */
export function useNarrow() {
  const query = window.matchMedia("(max-width: 1000px)");
  const narrow = ref(query.matches);
  const look = (): void => {
    narrow.value = query.matches;
  };
  onMounted(() => query.addEventListener("change", look));
  onUnmounted(() => query.removeEventListener("change", look));
  return narrow;
}
