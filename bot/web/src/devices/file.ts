export const MAX_BYTES = 10 * 1024 * 1024;

export type FileTrouble = "too_large" | "unsupported" | "empty";

const KNOWN = /^(image\/(jpeg|png|webp|gif|heic|heif|bmp)|application\/pdf)$/;

/** Say what is wrong with a file before it is uploaded; the office still judges by its content. */
export function fileTrouble(file: { size: number; type: string }): FileTrouble | null {
  if (file.size === 0) return "empty";
  if (file.size > MAX_BYTES) return "too_large";
  if (file.type && !KNOWN.test(file.type)) return "unsupported";
  return null;
}
