import { inject, type InjectionKey, onMounted, onUnmounted, ref } from "vue";

import { mediaAddress, OfficeError } from "./api";
import { tokenKey } from "./token";

/** How a picture deep in the log asks to be looked at whole. */
export const lookKey: InjectionKey<(mediaId: string) => void> = Symbol("look at a picture");

/** A photo of this conversation as an address that whatever shows it can use until it goes. */
export function usePicture(mediaId: string) {
  const token = inject(tokenKey);
  const address = ref("");
  const missing = ref(false);

  onMounted(async () => {
    if (!token) return;
    try {
      address.value = await mediaAddress(await token(), mediaId);
    } catch (error) {
      if (!(error instanceof OfficeError) && !(error instanceof TypeError)) throw error;
      missing.value = true;
    }
  });
  onUnmounted(() => address.value && URL.revokeObjectURL(address.value));
  return { address, missing };
}
