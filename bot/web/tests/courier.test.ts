import { expect, it } from "vitest";

import { OfficeError } from "../src/chat/api";
import { Courier } from "../src/chat/courier";
import type { Outbox } from "../src/chat/outbox";

function office(answers: (OfficeError | null)[]) {
  const posted: string[] = [];
  const waits: (() => void)[] = [];
  const pauses: number[] = [];
  let queue: Outbox = [];
  let ids = 0;
  const courier = new Courier(
    {
      post: (id) => {
        posted.push(id);
        const answer = answers.shift();
        return answer ? Promise.reject(answer) : Promise.resolve();
      },
      onChange: (entries) => (queue = entries),
      onAccepted: () => undefined,
      later: (run, ms) => {
        pauses.push(ms);
        return waits.push(run);
      },
      forget: () => undefined,
      newId: () => `m${(ids += 1)}`,
      now: () => "2026-11-22T09:00:00+08:00",
    },
    [],
  );
  return { courier, posted, waits, pauses, states: () => queue.map((entry) => `${entry.id} ${entry.state}`) };
}

const settled = () => new Promise((done) => setImmediate(done));
const away = new OfficeError(0, "network", "网络不通");

it("sends a message again under the same id when the network was away", async () => {
  const { courier, posted, waits, states } = office([away, null]);
  courier.take({ kind: "text", text: "一" }, 0);
  await settled();
  expect(states()).toEqual(["m1 waiting"]);
  waits[0]?.();
  await settled();
  expect(posted).toEqual(["m1", "m1"]);
  expect(states()).toEqual(["m1 accepted"]);
});

it("keeps the order: what was written later waits behind what could not be sent", async () => {
  const { courier, posted, states } = office([away, null, null]);
  courier.take({ kind: "text", text: "一" }, 0);
  await settled();
  courier.take({ kind: "text", text: "二" }, 0);
  await settled();
  expect(posted).toEqual(["m1", "m1", "m2"]);
  expect(states()).toEqual(["m1 accepted", "m2 accepted"]);
});

it("shows a refusal with the office's own words and sends again only when asked to", async () => {
  const { courier, posted, waits, states } = office([new OfficeError(400, "message.empty", "您还没写字"), null]);
  courier.take({ kind: "text", text: " " }, 0);
  await settled();
  expect(states()).toEqual(["m1 failed"]);
  expect(waits).toEqual([]);
  courier.retry("m1");
  await settled();
  expect(posted).toEqual(["m1", "m1"]);
});

it("comes again at its turn when many wait, and soon when the office was away", async () => {
  const crowd = new OfficeError(429, "message.crowd", "来的人多", 8);
  const down = new OfficeError(503, "office.away", "连不上", 30);
  const { courier, posted, waits, pauses, states } = office([crowd, down, null]);
  courier.take({ kind: "text", text: "一" }, 0);
  await settled();
  expect(states()).toEqual(["m1 waiting"]);
  waits[0]?.();
  await settled();
  waits[1]?.();
  await settled();
  expect(states()).toEqual(["m1 accepted"]);
  expect(posted).toEqual(["m1", "m1", "m1"]);
  expect(pauses[0]).toBe(8_000);
  expect(pauses[1]).toBeLessThan(5_001);
});
