"use client";

import { useEffect } from "react";

/** Leaves protected pages when another tab signed out, and when the browser brings a page back from its cache. */
export function SessionWatch() {
  useEffect(() => {
    const channel = new BroadcastChannel("rx-session");
    channel.onmessage = () => window.location.assign("/sign-in");
    const shown = (event: PageTransitionEvent) => {
      if (event.persisted) window.location.reload();
    };
    window.addEventListener("pageshow", shown);
    return () => {
      channel.close();
      window.removeEventListener("pageshow", shown);
    };
  }, []);
  return null;
}
