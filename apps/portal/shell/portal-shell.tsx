import { Building2, CalendarDays, House, UserRound } from "lucide-react";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import type { PublicOrganization } from "@workspace/api-client/shapes";
import { BottomBar } from "@workspace/ui/bottom-bar";
import { OfflineBar } from "@workspace/ui/offline-bar";
import { Logo } from "@workspace/shell/auth-layout";
import { TabLink } from "./tab-link";

/** One column for the patient: bottom bar with words under 768, the same links on top above it. */
export async function PortalShell({
  organization,
  children,
}: {
  organization: PublicOrganization;
  children: ReactNode;
}) {
  const t = await getTranslations("navigation");
  const tabs = [
    { href: "/home", label: t("home"), icon: <House aria-hidden="true" /> },
    { href: "/appointments", label: t("visits"), icon: <CalendarDays aria-hidden="true" />, deep: true },
    { href: "/", label: t("clinic"), icon: <Building2 aria-hidden="true" /> },
    { href: "/profile", label: t("profile"), icon: <UserRound aria-hidden="true" /> },
  ];
  return (
    <div className="min-h-dvh pb-[84px] md:pb-8">
      <OfflineBar>{t("offline")}</OfflineBar>
      <header data-shell="" className="hidden border-b border-border bg-surface md:block">
        <div className="mx-auto flex h-15 max-w-[640px] items-center gap-3 px-4">
          <Logo name={organization.name} logo={organization.branding.logo_url ?? null} />
          <span className="min-w-0 flex-1 truncate font-semibold">{organization.name}</span>
          <nav aria-label={t("menu")} className="flex gap-1">
            {tabs.map((tab) => (
              <TabLink key={tab.href} {...tab} place="top" />
            ))}
          </nav>
        </div>
      </header>
      <div className="mx-auto max-w-[640px]">{children}</div>
      <BottomBar label={t("menu")}>
        {tabs.map((tab) => (
          <TabLink key={tab.href} {...tab} place="bottom" />
        ))}
      </BottomBar>
    </div>
  );
}
