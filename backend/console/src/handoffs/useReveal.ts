import { computed, type Ref, ref } from "vue";

import { post } from "../office/api";
import type { Decision, Question } from "../parts/decision";
import { say } from "../words";
import type { Words } from "./queue";
import type { TalkBody, TalkMessage } from "./talk";

interface Revealed {
  messages: TalkMessage[];
  words: Words[];
}

/** What of a talk was revealed, and the question that comes before: why. */
export function useReveal(path: Ref<string>) {
  const bodies = ref<Record<string, TalkBody>>({});
  const words = ref<Words[] | null>(null);
  const asked = ref<{ question: Question; messageId?: string } | null>(null);
  const question = computed(() => asked.value?.question ?? null);

  /** Ask why; then one message is shown in clear, or everything since a person was asked for. */
  function ask(messageId?: string): void {
    const needed = { needsWhy: true, whyLabel: say("reveal.why"), whyNeeded: say("reveal.why_needed") };
    asked.value = { question: { title: say("reveal.title"), body: say("reveal.body"), ...needed }, messageId };
  }

  async function act(decision: Decision, key: string): Promise<void> {
    const messageId = asked.value?.messageId;
    const given = { why: decision.why, ...(messageId && { message_id: messageId }) };
    const shown = await post<Revealed>(`${path.value}/reveal`, given, key);
    bodies.value = { ...bodies.value, ...Object.fromEntries(shown.messages.map((one) => [one.message_id, one.body])) };
    if (!messageId) words.value = shown.words;
  }

  function close(): void {
    asked.value = null;
  }

  return { bodies, words, question, ask, act, close };
}
