/// <reference types="vite/client" />

declare module "*.vue" {
  import type { DefineComponent } from "vue";

  const component: DefineComponent;
  export default component;
}

declare module "@words" {
  /** data/replies/desk.yml, read when the page is built. */
  const words: Record<string, unknown>;
  export default words;
}
