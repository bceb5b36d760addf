import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import type { PublicOrganization } from "@workspace/api-client/shapes";
import { Logo } from "@workspace/shell/auth-layout";
import { LanguageSwitch } from "@workspace/shell/language-switch";
import { cn } from "@workspace/ui/lib/cn";
import { OfflineBar } from "@workspace/ui/offline-bar";

/** Pages without a login: the clinic's brand on top, one column. `wide` leaves room for a summary at the side. */
export async function PublicFrame({
  organization,
  wide = false,
  children,
}: {
  organization: PublicOrganization;
  wide?: boolean;
  children: ReactNode;
}) {
  const t = await getTranslations("navigation");
  const width = wide ? "max-w-[1024px]" : "max-w-[640px]";
  return (
    <div className="min-h-dvh">
      <OfflineBar>{t("offline_booking")}</OfflineBar>
      <header data-shell="" className="border-b border-border bg-surface">
        <div className={cn("mx-auto flex min-h-15 items-center gap-3 px-4", width)}>
          <a href="/" className="flex min-h-11 min-w-0 flex-1 items-center gap-3 text-fg no-underline">
            <Logo name={organization.name} logo={organization.branding.logo_url ?? null} />
            <span className="truncate font-semibold">{organization.name}</span>
          </a>
          <LanguageSwitch />
        </div>
      </header>
      <main id="main" className={cn("mx-auto px-4 pt-4 pb-10", width)}>
        {children}
      </main>
    </div>
  );
}
