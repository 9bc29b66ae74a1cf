import { reactive, watchEffect } from "vue";

/** 适老: the elder view and its text size (1: 24 px, 2: 27 px, 3: 30 px), kept in this browser. */
export interface ElderView {
  on: boolean;
  size: 1 | 2 | 3;
}

const KEY = "paoyici.elder";

/** Read the choice of an earlier visit. */
export function readElder(text: string | null): ElderView {
  const [on, size] = (text ?? "").split(":");
  const step = Number(size);
  return { on: on === "on", size: step === 2 || step === 3 ? step : 1 };
}

export const elder = reactive<ElderView>(readElder(localStorage.getItem(KEY)));

/** Keep the choice and let the style sheet know. */
export function watchElder(): void {
  watchEffect(() => {
    localStorage.setItem(KEY, `${elder.on ? "on" : "off"}:${elder.size}`);
    document.documentElement.dataset.elder = elder.on ? String(elder.size) : "off";
  });
}

/** Read a chip that asks for the other view: the page changes it itself, nothing is sent. */
export function wantsElder(payload: string): boolean | null {
  const wish = /^\/elder_mode\s*\{\s*"on"\s*:\s*(true|false)\s*\}$/.exec(payload);
  return wish ? wish[1] === "true" : null;
}
