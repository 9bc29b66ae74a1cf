import { computed, nextTick, onMounted, type Ref, ref } from "vue";

import { get, toldOf } from "../office/api";
import { calm } from "../office/calm";
import { useEvents } from "../office/live";
import type { HandoffDetail } from "./queue";
import { merge, type TalkMessage } from "./talk";

const DELIVERIES = new Set(["message.pending", "message.parked", "message.failed", "message.sent"]);

/** One talk and its conversation, which keep themselves true while they are shown. */
export function useTalk(id: string, box: Ref<HTMLElement | undefined>, read: (seq: number) => void) {
  const handoff = ref<HandoffDetail | null>(null);
  const messages = ref<TalkMessage[]>([]);
  const trouble = ref("");
  const path = computed(() => `/desk/handoffs/${encodeURIComponent(id)}`);

  async function load(): Promise<void> {
    try {
      handoff.value = await get<HandoffDetail>(path.value);
      await loadMessages();
      trouble.value = "";
    } catch (error) {
      trouble.value = toldOf(error);
    }
  }

  async function loadMessages(): Promise<void> {
    for (;;) {
      const after = messages.value.at(-1)?.seq ?? 0;
      const page = await get<{ messages: TalkMessage[] }>(`${path.value}/messages`, { after });
      if (!page.messages.length) break;
      messages.value = merge(messages.value, page.messages);
      await nextTick();
      box.value?.scrollTo({ top: box.value.scrollHeight });
    }
    const last = messages.value.at(-1);
    if (last) read(last.seq);
  }

  /** Read the whole conversation again: how it stands with an old reply has changed. */
  async function again(): Promise<void> {
    messages.value = [];
    await load();
  }

  const soon = calm(load, (run) => window.setTimeout(run, 100));
  useEvents((event) => {
    if (event.name.startsWith("handoff.") || event.name === "message.appended") soon();
    if (DELIVERIES.has(event.name)) void again();
  }, soon);
  onMounted(load);
  return { handoff, messages, trouble, path, load };
}
