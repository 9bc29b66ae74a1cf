import { onMounted, onUnmounted, reactive, ref } from "vue";

import { get, OfficeError } from "./api";
import { calm } from "./calm";
import { type DeskEvent } from "./feed";
import { useEvents } from "./live";
import { holds } from "./session";

/** How much work stands at the door of each room. */
export const counts = reactive({ handoffs: 0, cases: 0, reports: 0, personal: 0 });

/** Whether somebody waits who may be in danger. */
export const urgent = ref(false);

export type Counted = keyof typeof counts;

interface Total {
  total: number;
}

async function count(): Promise<void> {
  try {
    if (holds("agent", "supervisor", "admin")) {
      const { handoffs } = await get<{ handoffs: { priority: boolean }[] }>("/desk/handoffs", { state: "waiting" });
      counts.handoffs = handoffs.length;
      urgent.value = handoffs.some((handoff) => handoff.priority);
    }
    if (holds("approver", "admin")) counts.cases = (await get<Total>("/desk/cases", { state: "submitted", limit: 1 })).total;
    if (holds("dispatcher", "admin")) counts.reports = (await get<Total>("/desk/reports", { state: "registered", limit: 1 })).total;
    if (holds("supervisor", "admin")) counts.personal = (await get<Total>("/desk/personal/requests", { state: "open", limit: 1 })).total;
  } catch (error) {
    // The next event or the next minute counts again; the rooms themselves show what is wrong.
    if (!(error instanceof OfficeError)) throw error;
  }
}

/** Keep the counts true while the desk is shown. */
export function useCounts(): void {
  const soon = calm(count, (run) => window.setTimeout(run, 300));
  let timer = 0;
  useEvents((event: DeskEvent) => {
    if (event.name !== "message.appended") soon();
  }, soon);
  onMounted(() => {
    soon();
    timer = window.setInterval(soon, 60_000);
  });
  onUnmounted(() => window.clearInterval(timer));
}
