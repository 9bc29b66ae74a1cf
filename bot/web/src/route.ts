/** Give the receipt token of an address like `#/receipt/abc`, else null: the page is the chat. */
export function receiptIn(hash: string): string | null {
  const found = /^#\/receipt\/([^/?#]+)$/.exec(hash);
  if (!found?.[1]) return null;
  try {
    return decodeURIComponent(found[1]);
  } catch (error) {
    if (error instanceof URIError) return found[1];
    throw error;
  }
}
