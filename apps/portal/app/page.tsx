import { CalendarPlus, LogIn, Phone, UserRound } from "lucide-react";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { driver } from "@workspace/auth/driver/server";
import { currentOrganization } from "@workspace/org/request";
import { LoadError } from "@workspace/shell/load-error";
import { Button } from "@workspace/ui/button";
import { readServices } from "@/features/booking/queries";
import { ServiceList } from "@/features/booking/service-list";
import { bookable } from "@/features/booking/wire";
import { ContactCard } from "@/features/public-home/contact-card";
import { PublicFrame } from "@/shell/public-frame";

export default async function PublicHomePage() {
  const [t, organization, token, services] = await Promise.all([
    getTranslations("public_home"),
    currentOrganization(),
    driver.readToken(),
    readServices(),
  ]);
  if (!organization) notFound();
  const online = services.ok && services.data.some(bookable);
  return (
    <PublicFrame organization={organization}>
      <div className="flex flex-col gap-8 py-4">
        <section>
          <h1 className="text-3xl tracking-(--track-big) text-brand-text">
            {t("welcome", { clinic: organization.name })}
          </h1>
          <p className="mt-3 max-w-[52ch] text-lg text-muted">{organization.tagline ?? t("text")}</p>
          <div className="mt-6 flex flex-col gap-3 xs:flex-row xs:flex-wrap">
            {online ? (
              <Button asChild variant="primary" size="tall">
                <a href="/book">
                  <CalendarPlus aria-hidden="true" />
                  {t("book")}
                </a>
              </Button>
            ) : null}
            <Button asChild variant={online ? "outline" : "primary"} size="tall">
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
        <section>
          <h2 className="mb-2">{t("services")}</h2>
          {services.ok ? (
            <ServiceList services={services.data} phone={organization.phone ?? null} />
          ) : (
            <LoadError problem={services.problem} />
          )}
        </section>
        <ContactCard organization={organization} />
        {token ? null : (
          <section className="rounded-lg bg-brand-soft p-4">
            <h2>{t("invited")}</h2>
            <p className="mt-1 text-muted">{t("invited_text")}</p>
          </section>
        )}
      </div>
    </PublicFrame>
  );
}
