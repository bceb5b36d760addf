import { LogIn, Phone, UserRound } from "lucide-react";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { driver } from "@workspace/auth/driver/server";
import { currentOrganization } from "@workspace/org/request";
import { Logo } from "@workspace/shell/auth-layout";
import { LanguageSwitch } from "@workspace/shell/language-switch";
import { Button } from "@workspace/ui/button";
import { ContactCard } from "@/features/public-home/contact-card";

export default async function PublicHomePage() {
  const [t, organization, token] = await Promise.all([
    getTranslations("public_home"),
    currentOrganization(),
    driver.readToken(),
  ]);
  if (!organization) notFound();
  return (
    <div className="mx-auto flex min-h-dvh max-w-[640px] flex-col">
      <header className="flex min-h-15 items-center gap-3 px-4">
        <Logo name={organization.name} logo={organization.branding.logo_url ?? null} />
        <span className="min-w-0 flex-1 truncate font-semibold">{organization.name}</span>
        <LanguageSwitch />
      </header>
      <main id="main" className="flex flex-1 flex-col gap-8 px-4 py-8">
        <section>
          <h1 className="text-3xl tracking-(--track-big) text-brand-text">
            {t("welcome", { clinic: organization.name })}
          </h1>
          <p className="mt-3 max-w-[52ch] text-lg text-muted">{organization.tagline ?? t("text")}</p>
          <div className="mt-6 flex flex-col gap-3 xs:flex-row xs:flex-wrap">
            <Button asChild variant="primary" size="tall">
              <a href={token ? "/home" : "/sign-in"}>
                {token ? <UserRound aria-hidden="true" /> : <LogIn aria-hidden="true" />}
                {token ? t("my_account") : t("sign_in")}
              </a>
            </Button>
            {organization.phone ? (
              <Button asChild size="tall">
                <a href={`tel:${organization.phone.replace(/[^\d+]/g, "")}`}>
                  <Phone aria-hidden="true" />
                  {t("call")}
                </a>
              </Button>
            ) : null}
          </div>
        </section>
        <ContactCard organization={organization} />
        {token ? null : (
          <section className="rounded-lg bg-brand-soft p-4">
            <h2>{t("invited")}</h2>
            <p className="mt-1 text-muted">{t("invited_text")}</p>
          </section>
        )}
      </main>
    </div>
  );
}
