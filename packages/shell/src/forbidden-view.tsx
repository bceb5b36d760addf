"use client";

import { useTranslations } from "next-intl";
import { Button } from "@workspace/ui/button";
import { Forbidden } from "@workspace/ui/forbidden";
import { signOut } from "./sign-out";

const own = ["not_a_member", "user_blocked", "console", "portal", "clinic"] as const;

/** No access. Some reasons have words of their own: not a member here, blocked account, wrong app. */
export function ForbiddenView({ code }: { code?: string }) {
  const t = useTranslations("states");
  const reason = own.find((candidate) => candidate === code);
  return (
    <Forbidden
      title={reason ? t(`forbidden.${reason}.title`) : t("forbidden.page.title")}
      action={reason ? <Button onClick={() => void signOut()}>{t("other_account")}</Button> : null}
    >
      {reason ? t(`forbidden.${reason}.text`) : t("forbidden.page.text")}
    </Forbidden>
  );
}
