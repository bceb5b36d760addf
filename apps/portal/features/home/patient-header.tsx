import { getTranslations } from "next-intl/server";
import type { PublicOrganization } from "@workspace/api-client/shapes";
import { Logo } from "@workspace/shell/auth-layout";

/** Who is here and at which clinic; it never moves between pages. */
export async function PatientHeader({
  name,
  organization,
}: {
  name: string;
  organization: PublicOrganization;
}) {
  const t = await getTranslations("home");
  const first = name.split(" ")[0];
  return (
    <header className="flex items-center gap-3 border-b border-border bg-surface px-4 py-3.5 md:mt-6 md:rounded-lg md:border">
      <Logo name={organization.name} logo={organization.branding.logo_url ?? null} />
      <div className="min-w-0 flex-1">
        <p className="truncate text-md leading-snug text-muted">{organization.name}</p>
        <h1 className="truncate text-lg leading-snug">
          {first ? t("greeting", { name: first }) : t("greeting_plain")}
        </h1>
      </div>
    </header>
  );
}
