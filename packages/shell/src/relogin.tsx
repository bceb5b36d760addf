"use client";

import { useTranslations } from "next-intl";
import { createContext, lazy, Suspense, useCallback, useContext, useState, type ReactNode } from "react";
import { Dialog, DialogContent } from "@workspace/ui/dialog";

/** Asked for when the dialog opens, so that public pages do not carry the sign-in form. */
const SignInForm = lazy(async () => ({ default: (await import("@workspace/auth/driver/forms")).SignInForm }));

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
          <Suspense>
            <SignInForm variant="dialog" returnTo="" onSignedIn={() => setOpen(false)} />
          </Suspense>
        </DialogContent>
      </Dialog>
    </ReloginContext.Provider>
  );
}
