import { computed, ref, shallowRef, watch } from "vue";

import { elder, wantsElder } from "../elder";
import { say } from "../words";
import { endConversation, OfficeError, openConversation, postMessage, readMessages, type Conversation } from "./api";
import { Courier } from "./courier";
import type { Chip, InboundMessage, ListItem, LogMessage, Reply } from "./message";
import * as outbox from "./outbox";
import * as session from "./session";
import { Line, type Frame } from "./socket";
import { answered, emptyThread, gapBefore, merge, openChips, unknown } from "./thread";

/** How long the page itself shows "thinking" after a message, unless the server says more. */
const THINKING_MS = 30_000;

const later = (run: () => void, ms: number): number => window.setTimeout(run, ms);
const forget = (timer: number): void => window.clearTimeout(timer);

/** One conversation of one browser: its log, its unsent messages and its line to the office. */
export function useChat() {
  const thread = shallowRef(emptyThread);
  const queue = shallowRef(outbox.restore(session.keptOutbox()));
  const owner = ref<"bot" | "staff">("bot");
  const thinking = ref(false);
  const link = ref<"idle" | "connecting" | "open" | "lost">("idle");
  const loading = ref(false);
  /** Said in passing while the log was away; it gives way to the next answer. */
  const passing = shallowRef<readonly { body: Reply; at: string }[]>([]);
  const remark = ref("");
  const draft = ref(session.keptDraft());
  /** Messages of this tab; the others in the browser's outbox are other tabs'. */
  const mine = new Set(queue.value.map((entry) => entry.id));
  let conversation: Conversation | null = session.keptConversation();
  let opening: Promise<Conversation> | null = null;
  let thinkingTimer = 0;
  let visit = 0;

  watch(draft, session.keepDraft);

  function think(on: boolean): void {
    forget(thinkingTimer);
    thinking.value = on && owner.value === "bot";
    if (thinking.value) thinkingTimer = later(() => (thinking.value = false), THINKING_MS);
  }

  function arrived(messages: readonly LogMessage[]): void {
    const fresh = unknown(thread.value, messages);
    if (!fresh.length) return;
    thread.value = merge(thread.value, fresh);
    courier.settle(fresh);
    if (fresh.some((message) => message.direction === "out")) passing.value = [];
    if (thread.value.messages.at(-1)?.direction === "out") think(false);
  }

  async function refresh(): Promise<void> {
    const read = conversation;
    if (!read) return;
    try {
      let page = await readMessages(read.token, thread.value.lastSeq);
      // What belongs to a conversation this page has left is not shown.
      while (page.length && conversation === read) {
        arrived(page);
        page = await readMessages(read.token, thread.value.lastSeq);
      }
    } catch (error) {
      if (!(error instanceof OfficeError)) throw error;
      if (error.status === 401 && conversation === read) expire();
    } finally {
      loading.value = false;
    }
  }

  function hear(frame: Frame): void {
    if (frame.type === "state") {
      owner.value = frame.owner;
      think(frame.typing);
    } else if (frame.type === "message") {
      if (gapBefore(thread.value, frame)) void refresh();
      else arrived([frame]);
    } else if (frame.type === "notice") {
      passing.value = [...passing.value, { body: frame.body, at: frame.at }];
      think(false);
    } else if (frame.type === "error" && /^(session|auth)\./.test(frame.error.key)) expire();
  }

  /** Start anew when the office no longer knows this browser; unsent messages stay. */
  function expire(): void {
    if (conversation) session.forgetConversation(conversation.token);
    if (!session.keptConversation()) remark.value = say("error.session");
    takeUp();
  }

  /** Show the conversation this browser has, or that it has none. */
  function takeUp(): void {
    line.stop();
    conversation = session.keptConversation();
    thread.value = emptyThread;
    link.value = "idle";
    owner.value = "bot";
    think(false);
    courier.rebase();
    void refresh().then(connect);
  }

  /** Forget what stands on this page. */
  function forgetAll(): void {
    visit += 1;
    courier.clear();
    draft.value = "";
    passing.value = [];
    takeUp();
  }

  /** 清空并退出: end the session, and leave nothing of the citizen in this browser. */
  async function leave(): Promise<void> {
    const ended = conversation;
    session.clear();
    forgetAll();
    remark.value = say("leave.done");
    try {
      if (ended) await endConversation(ended.token);
    } catch (error) {
      if (!(error instanceof OfficeError)) throw error;
      if (error.status !== 401) remark.value = say("leave.only_here");
    }
  }

  /** Follow what another tab did: all tabs have one conversation, and leave together. */
  function follow(event: StorageEvent): void {
    const news = session.newsOf(event);
    if (news === "ended") forgetAll();
    else if (news && session.keptConversation()?.token !== conversation?.token) takeUp();
  }

  async function token(): Promise<string> {
    if (conversation) return conversation.token;
    opening ??= session.sharedConversation(() => openConversation(elder.on)).finally(() => (opening = null));
    conversation = await opening;
    connect();
    return conversation.token;
  }

  async function post(id: string, body: InboundMessage): Promise<void> {
    const begun = visit;
    try {
      const opened = await token();
      // Whoever has left meanwhile says nothing any more.
      if (visit === begun) await postMessage(opened, id, body, elder.on);
    } catch (error) {
      if (!(error instanceof OfficeError) || error.status !== 401) throw error;
      if (visit !== begun) return;
      expire();
      await postMessage(await token(), id, body, elder.on);
    }
  }

  const courier = new Courier(
    {
      post,
      onChange: (entries) => {
        queue.value = entries;
        for (const entry of entries) mine.add(entry.id);
        const others = outbox.restore(session.keptOutbox()).filter((entry) => !mine.has(entry.id));
        session.keepOutbox([...others, ...entries]);
      },
      onAccepted: (entry) => {
        if (!conversation) return;
        // On a fast line the answer overtakes the acceptance of its question.
        if (!answered(thread.value, entry.afterSeq)) think(true);
        if (link.value !== "open") void refresh();
      },
      later,
      forget,
      newId: () => newId(),
      now: () => new Date().toISOString(),
    },
    queue.value,
  );

  const line = new Line({
    dial: () => new WebSocket(`${location.origin.replace(/^http/, "ws")}/channels/web/ws`) as never,
    hello: () => ({ token: conversation?.token ?? "", after: thread.value.lastSeq }),
    onFrame: hear,
    onOpen: () => {
      link.value = "open";
      courier.hurry();
    },
    onLost: () => {
      link.value = "lost";
      void refresh();
    },
    later,
    forget,
  });

  function connect(): void {
    if (!conversation) return;
    if (link.value === "idle") link.value = "connecting";
    line.start();
  }

  /** Read what was said before and go on where it was. */
  function start(): void {
    loading.value = conversation !== null;
    void refresh().then(() => connect());
    if (queue.value.length) courier.hurry();
    window.addEventListener("online", reconnect);
    window.addEventListener("offline", offline);
    window.addEventListener("storage", follow);
    document.addEventListener("visibilitychange", woken);
  }

  /** Hang up: the page shows something else now. */
  function stop(): void {
    line.stop();
    courier.stop();
    window.removeEventListener("online", reconnect);
    window.removeEventListener("offline", offline);
    window.removeEventListener("storage", follow);
    document.removeEventListener("visibilitychange", woken);
  }

  function offline(): void {
    if (conversation) link.value = "lost";
  }

  function woken(): void {
    if (document.visibilityState === "visible" && link.value === "lost") reconnect();
  }

  function reconnect(): void {
    if (conversation) line.renew();
    courier.hurry();
  }

  function send(body: InboundMessage): void {
    remark.value = "";
    courier.take(body, thread.value.lastSeq);
  }

  /** Say what was pressed; a choice of the view changes it and says nothing. */
  function press(choice: Chip | ListItem): void {
    const view = wantsElder(choice.payload);
    if (view === null) send({ kind: "button", text: choice.title, payload: choice.payload });
    else elder.on = view;
  }

  /** What can be pressed now; a view that is already shown is not offered. */
  const chips = computed(() => {
    if (queue.value.length || owner.value === "staff") return [];
    return openChips(thread.value).filter((chip) => wantsElder(chip.payload) !== elder.on);
  });

  return { thread, queue, owner, thinking, link, loading, remark, draft, passing, chips, start, stop, send, press, leave, reconnect, token, courier };
}

export type Chat = ReturnType<typeof useChat>;

/** Make an id of a message; randomUUID is missing on plain-http origins other than localhost. */
function newId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
