import { fileURLToPath } from "node:url";

import yaml from "@rollup/plugin-yaml";
import vue from "@vitejs/plugin-vue";
import elementPlus from "unplugin-element-plus/vite";
import { defineConfig } from "vitest/config";

import { siblings } from "../../pages/siblings";

/** Where `npm run dev` finds a running office; the built desk only ever speaks to its own origin. */
const office = process.env.OFFICE_ORIGIN ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/desk/",
  plugins: [vue(), yaml(), elementPlus({}), siblings()],
  resolve: {
    alias: { "@words": fileURLToPath(new URL("../../data/replies/desk.yml", import.meta.url)) },
  },
  build: { target: "es2020", assetsInlineLimit: 0 },
  server: {
    proxy: { "/api": { target: office, ws: true } },
    fs: { allow: ["../.."] },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
