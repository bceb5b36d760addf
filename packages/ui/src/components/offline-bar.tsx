"use client";

import { WifiOff } from "lucide-react";
import { useSyncExternalStore, type ReactNode } from "react";

function subscribe(change: () => void) {
  window.addEventListener("online", change);
  window.addEventListener("offline", change);
  return () => {
    window.removeEventListener("online", change);
    window.removeEventListener("offline", change);
  };
}

/** True while the browser has a network; the server always answers true. */
export function useOnline(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => navigator.onLine,
    () => true,
  );
}

/** Stays on top for as long as there is no network and says what still works. */
export function OfflineBar({ children }: { children: ReactNode }) {
  const online = useOnline();
  return (
    <div role="status" aria-live="polite">
      {online ? null : (
        <div className="flex items-center gap-2.5 border-b border-warn-line bg-warn-soft px-4 py-2 text-fg">
          <WifiOff aria-hidden="true" strokeWidth={1.75} className="size-(--icon) shrink-0 text-warn-text" />
          <span>{children}</span>
        </div>
      )}
    </div>
  );
}
