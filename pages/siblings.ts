import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const TEXT = /\.(?:js|css|html|svg|json|webmanifest)$/;
/** What is smaller fits into one packet as it is, in bytes. */
const LEAST = 1024;

const compressions = {
  ".br": (content: Buffer) => brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
  ".gz": (content: Buffer) => gzipSync(content, { level: 9 }),
};

/** A plugin of vite that writes a `.br` and a `.gz` beside each text file it built, for the server to choose from. */
export function siblings() {
  let folder = "dist";
  return {
    name: "siblings",
    apply: "build" as const,
    configResolved(config: { root: string; build: { outDir: string } }): void {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle(): void {
      for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        const file = join(folder, name);
        if (TEXT.test(name) && statSync(file).size >= LEAST) compressed(file);
      }
    },
  };
}

function compressed(file: string): void {
  const content = readFileSync(file);
  for (const [ending, compress] of Object.entries(compressions)) writeFileSync(file + ending, compress(content));
}
