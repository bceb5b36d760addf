"use client";

import { useEffect, useRef, useState } from "react";
import { openLive, type LiveFrame } from "@workspace/api-client/live";

/** Hears a stream for as long as the component stands; null hears nothing. Answers whether frames can arrive now. */
export function useLive(
  url: string | null,
  types: readonly string[],
  onFrame: (frame: LiveFrame) => void,
): boolean {
  const [open, setOpen] = useState(false);
  const listener = useRef(onFrame);
  useEffect(() => {
    listener.current = onFrame;
  });
  const names = types.join(" ");
  useEffect(() => {
    if (url === null) return;
    return openLive({
      url,
      types: names.split(" "),
      onFrame: (frame) => listener.current(frame),
      onState: setOpen,
    });
  }, [url, names]);
  return open && url !== null;
}
