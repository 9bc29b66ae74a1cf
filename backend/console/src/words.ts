import tree from "@words";

/** Say the text that stands under a dotted path of data/replies/desk.yml, with {names} filled in. */
export function say(path: string, values: Record<string, string | number> = {}): string {
  let found: unknown = tree;
  for (const step of path.split(".")) found = (found as Record<string, unknown> | undefined)?.[step];
  if (typeof found !== "string") throw new Error(`data/replies/desk.yml says nothing at ${path}`);
  return found.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}
