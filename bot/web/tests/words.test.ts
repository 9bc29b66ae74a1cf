import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import tree from "@words";

const source = join(import.meta.dirname, "../src");
const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => /\.(vue|ts)$/.test(name));
const texts = files.map((name) => [name, readFileSync(join(source, name), "utf8")] as const);
const chinese = /\p{Script=Han}/u;

function paths(node: unknown, path: string): string[] {
  if (typeof node === "string") return [path];
  return Object.entries(node as object).flatMap(([key, child]) => paths(child, path ? `${path}.${key}` : key));
}

const written = paths(tree, "");

it("says nothing that is not written in data/replies/web.yml", () => {
  for (const [name, text] of texts) {
    const calls = [...text.matchAll(/\bsay\(([^)]*)\)/g)].map((found) => found[1] as string);
    const said = calls.flatMap((call) => [...call.matchAll(/["']([a-z_]+(?:\.[a-z_0-9]+)+)["']/g)]);
    for (const [, path] of said) expect(written, `${name} says ${path}`).toContain(path);
  }
});

it("writes down nothing that the page never says", () => {
  const all = texts.map(([, text]) => text).join("\n");
  const patterns = [...all.matchAll(/`([a-z_.]*\$\{[^`]+)`/g)].map((found) => {
    const pieces = (found[1] as string).split(/\$\{[^}]*\}/).map((piece) => piece.replaceAll(".", "\\."));
    return new RegExp(`^${pieces.join("[\\w-]+")}$`);
  });
  const composed = patterns.filter((pattern) => pattern.source.includes("\\."));
  const unsaid = written.filter((path) => !all.includes(`"${path}"`) && !all.includes(`'${path}'`) && !composed.some((one) => one.test(path)));
  expect(unsaid).toEqual([]);
});

it("keeps Chinese out of the code: only comments may hold an administrative term", () => {
  for (const [name, text] of texts) {
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$|<!--[\s\S]*?-->/gm, "");
    expect(chinese.test(code), name).toBe(false);
  }
});
