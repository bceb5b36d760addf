"use client";

import { setNonce } from "get-nonce";

let kept = false;

/**
 * Hands the page's CSP nonce to the scroll lock of dialogs, which writes a style element.
 * The first one counts: a later render has another nonce, but the document keeps the policy it was loaded with.
 */
export function StyleNonce({ nonce }: { nonce: string }) {
  if (typeof window !== "undefined" && nonce && !kept) {
    kept = true;
    setNonce(nonce);
  }
  return null;
}
