import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { enterByDoor } from "../src/chat/door";

const kept = new Map<string, string>();
const place = { hash: "", pathname: "/" };

beforeEach(() => {
  kept.clear();
  vi.stubGlobal("localStorage", { setItem: (name: string, value: string) => kept.set(name, value) });
  vi.stubGlobal("location", place);
  vi.stubGlobal("history", { replaceState: () => (place.hash = "") });
});

afterEach(() => vi.unstubAllGlobals());

function office(status: number, body: unknown): ReturnType<typeof vi.fn> {
  const asked = vi.fn(() => Promise.resolve(new Response(JSON.stringify(body), { status })));
  vi.stubGlobal("fetch", asked);
  return asked;
}

it("takes up the conversation of the app it was opened from", async () => {
  place.hash = "#/door";
  office(200, { conversation_id: "wechat-1", token: "t" });
  await enterByDoor();
  expect([...kept.values()]).toEqual(['{"conversation_id":"wechat-1","token":"t"}']);
  expect(place.hash).toBe("");
});

it("keeps its own conversation when the door was used already", async () => {
  place.hash = "#/door";
  office(401, { error: { key: "session.unknown", message: "…" } });
  await enterByDoor();
  expect(kept.size).toBe(0);
});

it("asks nobody when it was opened by itself", async () => {
  place.hash = "";
  const asked = office(200, {});
  await enterByDoor();
  expect(asked).not.toHaveBeenCalled();
});
