"use client";

import { useTranslations } from "next-intl";
import { createContext, useCallback, useContext, useState, type ReactNode } from "react";
import { SignInForm } from "@workspace/auth/driver/forms";
import { Dialog, DialogContent } from "@workspace/ui/dialog";

const ReloginContext = createContext<() => void>(() => undefined);

/** Opens the sign-in dialog over the page, so that what was typed stays. */
export function useRelogin() {
  return useContext(ReloginContext);
}

export function ReloginProvider({ children }: { children: ReactNode }) {
  const t = useTranslations("auth");
  const common = useTranslations("common");
  const [open, setOpen] = useState(false);
  const ask = useCallback(() => setOpen(true), []);
  return (
    <ReloginContext.Provider value={ask}>
      {children}
      <Dialog open={open} onOpenChange={setOpen}>
        <DialogContent
          title={t("relogin_title")}
          description={t("relogin_text")}
          closeLabel={common("close")}
        >
          <SignInForm variant="dialog" returnTo="" onSignedIn={() => setOpen(false)} />
        </DialogContent>
      </Dialog>
    </ReloginContext.Provider>
  );
}
