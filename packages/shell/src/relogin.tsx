"use client";

import { createContext, lazy, Suspense, useCallback, useContext, useState, type ReactNode } from "react";

/** Asked for when a session has ended, so that public pages carry neither the dialog nor the sign-in form. */
const ReloginDialog = lazy(async () => ({ default: (await import("./relogin-dialog")).ReloginDialog }));

const ReloginContext = createContext<() => void>(() => undefined);

/** Opens the sign-in dialog over the page, so that what was typed stays. */
export function useRelogin() {
  return useContext(ReloginContext);
}

export function ReloginProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const [asked, setAsked] = useState(false);
  const ask = useCallback(() => {
    setAsked(true);
    setOpen(true);
  }, []);
  return (
    <ReloginContext.Provider value={ask}>
      {children}
      {asked ? (
        <Suspense>
          <ReloginDialog open={open} onOpenChange={setOpen} />
        </Suspense>
      ) : null}
    </ReloginContext.Provider>
  );
}
