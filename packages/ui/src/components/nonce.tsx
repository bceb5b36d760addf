"use client";

import { setNonce } from "get-nonce";

/** Hands the page's CSP nonce to the scroll lock of dialogs, which writes a style element. */
export function StyleNonce({ nonce }: { nonce: string }) {
  if (nonce) setNonce(nonce);
  return null;
}
