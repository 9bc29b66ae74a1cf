import { onMounted, type Ref, ref } from "vue";

import { get, toldOf } from "./api";
import { calm } from "./calm";
import { useEvents } from "./live";

/** One case, report or request that keeps itself true while it is shown. */
export function useOne<Thing>(path: string, id: string, events: string) {
  const thing = ref<Thing | null>(null) as Ref<Thing | null>;
  const trouble = ref("");

  async function load(): Promise<void> {
    try {
      thing.value = await get<Thing>(path);
      trouble.value = "";
    } catch (error) {
      trouble.value = toldOf(error);
    }
  }

  const soon = calm(load, (run) => window.setTimeout(run, 150));
  useEvents((event) => {
    if (event.name.startsWith(events) && [event.data.entity_id, event.data.number, undefined].includes(id)) soon();
  }, soon);
  onMounted(load);
  return { thing, trouble, load };
}
