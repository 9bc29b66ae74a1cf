import type { InjectionKey } from "vue";

/** How a picture deep in the log gets the conversation's token. */
export const tokenKey: InjectionKey<() => Promise<string>> = Symbol("conversation token");
