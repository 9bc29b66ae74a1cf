import { onMounted, type Ref, ref, toValue, watch } from "vue";

import { get, toldOf } from "./api";
import { calm } from "./calm";
import { useEvents } from "./live";

const PER_PAGE = 20;

interface Options {
  /** The list is read again at every event whose name begins so. */
  events?: string;
  /** What is looked for besides the state; a change of it begins at the first page. */
  asked?: Ref<Record<string, string>>;
}

/** One page of a list that keeps itself true. */
export function useList<Row>(path: string, key: string, { events, asked: wanted }: Options) {
  const rows = ref<Row[]>([]) as Ref<Row[]>;
  const total = ref(0);
  const page = ref(1);
  const state = ref("");
  const trouble = ref("");
  const loading = ref(true);

  async function load(): Promise<void> {
    try {
      const asked = { ...toValue(wanted), state: state.value, page: page.value, limit: PER_PAGE };
      const answer = await get<Record<string, unknown> & { total: number }>(path, asked);
      rows.value = answer[key] as Row[];
      total.value = answer.total;
      trouble.value = "";
    } catch (error) {
      trouble.value = toldOf(error);
    } finally {
      loading.value = false;
    }
  }

  const soon = calm(load, (run) => window.setTimeout(run, 150));
  useEvents((event) => events && event.name.startsWith(events) && soon(), soon);
  watch([state, () => toValue(wanted)], () => (page.value = 1));
  watch([state, page, () => toValue(wanted)], soon);
  onMounted(load);
  return { rows, total, page, state, trouble, loading, perPage: PER_PAGE };
}
