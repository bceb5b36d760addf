import {
  CalendarDays,
  ClipboardList,
  Globe,
  IdCard,
  KeyRound,
  LayoutDashboard,
  Palette,
  Phone,
  Plug,
  Settings,
  ShieldAlert,
  SlidersHorizontal,
  Stethoscope,
  Tags,
  Users,
} from "lucide-react";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import type { PublicOrganization } from "@workspace/api-client/shapes";
import type { Session } from "@workspace/auth/session";
import { AppFrame, type NavGroup } from "@workspace/shell/app-frame";
import { Logo } from "@workspace/shell/auth-layout";
import { ClinicSwitcher } from "@workspace/shell/clinic-switcher";
import { UserMenu } from "@workspace/shell/user-menu";

/** Sidebar, switcher and user menu of the clinic app; the menu holds only what the role may open. */
export async function ClinicShell({
  session,
  organization,
  children,
}: {
  session: Session;
  organization: PublicOrganization;
  children: ReactNode;
}) {
  const t = await getTranslations("navigation");
  const icon = { "aria-hidden": true } as const;
  const administration = [
    session.can("members.manage")
      ? [{ href: "/members", label: t("members"), icon: <Users {...icon} />, deep: true }]
      : [],
    session.can("settings.manage")
      ? [
          { href: "/settings", label: t("profile"), icon: <Settings {...icon} /> },
          { href: "/settings/branding", label: t("branding"), icon: <Palette {...icon} /> },
          { href: "/settings/rules", label: t("rules"), icon: <SlidersHorizontal {...icon} /> },
        ]
      : [],
    session.can("domains.manage")
      ? [{ href: "/settings/domains", label: t("domains"), icon: <Globe {...icon} /> }]
      : [],
    session.can("breakglass.read")
      ? [{ href: "/settings/break-glass", label: t("break_glass"), icon: <ShieldAlert {...icon} /> }]
      : [],
    session.can("keys.manage")
      ? [
          { href: "/settings/integrations", label: t("integrations"), icon: <Plug {...icon} /> },
          { href: "/settings/access-keys", label: t("access_keys"), icon: <KeyRound {...icon} /> },
        ]
      : [],
  ].flat();
  const work = [
    [{ href: "/", label: t("dashboard"), icon: <LayoutDashboard {...icon} /> }],
    session.can("appointments.read")
      ? [{ href: "/calendar", label: t("calendar"), icon: <CalendarDays {...icon} /> }]
      : [],
    session.can("appointments.onboard")
      ? [{ href: "/bookings", label: t("bookings"), icon: <Phone {...icon} /> }]
      : [],
    session.can("tasks.manage")
      ? [{ href: "/tasks", label: t("tasks"), icon: <ClipboardList {...icon} /> }]
      : [],
  ].flat();
  const catalogue = session.can("catalogue.read")
    ? [
        { href: "/services", label: t("services"), icon: <Tags {...icon} />, deep: true },
        { href: "/specialists", label: t("specialists"), icon: <IdCard {...icon} />, deep: true },
        { href: "/specialties", label: t("specialties"), icon: <Stethoscope {...icon} /> },
      ]
    : [];
  const groups: NavGroup[] = [{ items: work }];
  if (catalogue.length > 0) groups.push({ label: t("clinic"), items: catalogue });
  if (administration.length > 0) groups.push({ label: t("administration"), items: administration });
  return (
    <AppFrame
      groups={groups}
      name={organization.name}
      head={
        <ClinicSwitcher
          current={organization}
          organizations={session.me.organizations}
          mark={
            <Logo
              name={organization.name}
              logo={organization.branding.logo_url ?? null}
              className="size-[22px] rounded-sm text-xs"
            />
          }
        />
      }
      foot={<UserMenu name={session.me.name} email={session.me.email} accountHref="/account" />}
    >
      {children}
    </AppFrame>
  );
}
