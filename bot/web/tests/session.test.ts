import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { Conversation } from "../src/chat/api";
import { clear, forgetConversation, keepConversation, keepDraft, keptConversation, keptDraft, newsOf, sharedConversation } from "../src/chat/session";

function storage() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

const conversation = (token: string): Conversation => ({ conversation_id: `web-${token}`, token });
let local: ReturnType<typeof storage>;
let tab: ReturnType<typeof storage>;

beforeEach(() => {
  vi.stubGlobal("localStorage", (local = storage()));
  vi.stubGlobal("sessionStorage", (tab = storage()));
  vi.stubGlobal("navigator", {});
});

afterEach(() => vi.unstubAllGlobals());

it("opens a conversation where the browser has none, and keeps it", async () => {
  const opened = vi.fn(() => Promise.resolve(conversation("a")));
  expect(await sharedConversation(opened)).toEqual(conversation("a"));
  expect(await sharedConversation(opened)).toEqual(conversation("a"));
  expect(opened).toHaveBeenCalledTimes(1);
});

it("takes the conversation of a tab that was faster", async () => {
  const slow = sharedConversation(async () => {
    keepConversation(conversation("fast"));
    return conversation("slow");
  });
  expect(await slow).toEqual(conversation("fast"));
  expect(keptConversation()).toEqual(conversation("fast"));
});

it("takes what two tabs that opened at once have both come to read", async () => {
  const own = sharedConversation(() => Promise.resolve(conversation("own")));
  await Promise.resolve();
  await Promise.resolve();
  expect(keptConversation()).toEqual(conversation("own"));
  keepConversation(conversation("others"));
  expect(await own).toEqual(conversation("others"));
});

it("opens under a lock of the whole browser where there are locks", async () => {
  const request = vi.fn((_name: string, run: () => Promise<Conversation>) => run());
  vi.stubGlobal("navigator", { locks: { request } });
  expect(await sharedConversation(() => Promise.resolve(conversation("a")))).toEqual(conversation("a"));
  expect(request).toHaveBeenCalledTimes(1);
});

it("forgets its own conversation and not the one another tab has opened since", () => {
  keepConversation(conversation("newer"));
  forgetConversation("older");
  expect(keptConversation()).toEqual(conversation("newer"));
  forgetConversation("newer");
  expect(keptConversation()).toBeNull();
});

it("leaves nothing behind, and tells the other tabs so", () => {
  keepConversation(conversation("a"));
  keepDraft("half a number");
  expect(keptDraft()).toBe("half a number");
  const told = vi.spyOn(local, "setItem");
  clear();
  const [key, newValue] = told.mock.calls[0] as [string, string];
  expect(newsOf({ key, newValue } as StorageEvent)).toBe("ended");
  expect(newsOf({ key, newValue: null } as StorageEvent)).toBeNull();
  expect([...local.kept, ...tab.kept]).toEqual([]);
});

it("hears that another tab changed the conversation, and nothing else", () => {
  expect(newsOf({ key: "paoyici.conversation", newValue: "{}" } as StorageEvent)).toBe("conversation");
  expect(newsOf({ key: "paoyici.elder", newValue: "on:1" } as StorageEvent)).toBeNull();
});
