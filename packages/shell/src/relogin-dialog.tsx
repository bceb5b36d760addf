"use client";

import { useTranslations } from "next-intl";
import { SignInForm } from "@workspace/auth/driver/forms";
import { Dialog, DialogContent } from "@workspace/ui/dialog";

/** Sign-in over the page of somebody whose session has ended. */
export function ReloginDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const t = useTranslations("auth");
  const common = useTranslations("common");
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={t("relogin_title")} description={t("relogin_text")} closeLabel={common("close")}>
        <SignInForm variant="dialog" returnTo="" onSignedIn={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}
