import { Building2, Gauge, Settings, UserCog } from "lucide-react";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import type { Session } from "@workspace/auth/session";
import { AppFrame } from "@workspace/shell/app-frame";
import { UserMenu } from "@workspace/shell/user-menu";

export async function ConsoleShell({ session, children }: { session: Session; children: ReactNode }) {
  const t = await getTranslations("navigation");
  const items = [
    { href: "/", label: t("health"), icon: <Gauge aria-hidden="true" /> },
    { href: "/organizations", label: t("organizations"), icon: <Building2 aria-hidden="true" />, deep: true },
    { href: "/users", label: t("users"), icon: <UserCog aria-hidden="true" /> },
    { href: "/settings", label: t("settings"), icon: <Settings aria-hidden="true" /> },
  ];
  return (
    <AppFrame
      groups={[{ items }]}
      name={t("console")}
      head={
        <div className="flex h-[34px] items-center gap-[9px] px-2">
          <span
            aria-hidden="true"
            className="grid size-[22px] place-items-center rounded-sm bg-fg text-xs font-semibold text-bg"
          >
            R
          </span>
          <span className="font-semibold">{t("console")}</span>
        </div>
      }
      foot={<UserMenu name={session.me.name} email={session.me.email} accountHref="/account" />}
    >
      {children}
    </AppFrame>
  );
}
