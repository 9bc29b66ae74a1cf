import type { Reply } from "./message";

/** Give a reply as one text to be read aloud: what the eye sees, in the same order. */
export function spoken(reply: Reply): string {
  const sections = (reply.sections ?? []).flatMap((section) => [section.title, ...section.lines]);
  const fields = (reply.fields ?? []).map((field) => `${field.label}：${field.value}`);
  const steps = (reply.timeline ?? []).map((step) => [step.label, step.note].filter(Boolean).join("，"));
  const items = (reply.items ?? []).map((item) => [item.title, item.note].filter(Boolean).join("，"));
  return [reply.text, reply.title, ...fields, ...sections, ...steps, ...items, reply.image_alt]
    .filter(Boolean)
    .join("。\n")
    .replace(/。+/g, "。");
}
