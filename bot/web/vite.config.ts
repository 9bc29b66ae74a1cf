import { fileURLToPath } from "node:url";

import yaml from "@rollup/plugin-yaml";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

import { siblings } from "../../pages/siblings";

/** Where `npm run dev` finds a running office; the built page only ever speaks to its own origin. */
const office = process.env.OFFICE_ORIGIN ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [vue(), yaml(), siblings()],
  resolve: { alias: { "@words": fileURLToPath(new URL("../../data/replies/web.yml", import.meta.url)) } },
  build: { target: "es2020", assetsInlineLimit: 0 },
  server: {
    proxy: { "/channels": { target: office, ws: true }, "/api": { target: office } },
    fs: { allow: ["../.."] },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
