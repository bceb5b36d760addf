import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { currentOrganization } from "@workspace/org/request";
import { BrandMark } from "@workspace/ui/avatar";
import { cn } from "@workspace/ui/lib/cn";
import { LanguageSwitch } from "./language-switch";

export interface AuthLayoutProps {
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  /** Under the form: what to do without an account. */
  after?: ReactNode;
  /** The quiet half on wide screens. */
  aside?: { headline: string; points: { icon: ReactNode; text: string }[] };
  /** Name beside the mark where there is no clinic. */
  platformName?: string;
}

/** The frame of all pages before sign-in: brand and form left, one sentence right. */
export async function AuthLayout({
  title,
  description,
  children,
  after,
  aside,
  platformName = "RestartiX",
}: AuthLayoutProps) {
  const [organization, t] = await Promise.all([currentOrganization(), getTranslations("auth")]);
  const name = organization?.name ?? platformName;
  return (
    <div
      data-density="comfortable"
      className={cn("grid min-h-dvh", aside && "lg:grid-cols-[minmax(420px,520px)_1fr]")}
    >
      <div
        className={cn(
          "flex flex-col bg-surface px-5 py-6 md:px-16 md:py-10",
          aside
            ? "lg:border-r lg:border-border"
            : "mx-auto w-full max-w-[520px] md:my-10 md:rounded-lg md:border md:border-border",
        )}
      >
        <header className="flex items-center gap-3">
          <Logo name={name} logo={organization?.branding.logo_url ?? null} />
          <span className="min-w-0 flex-1 truncate text-[1.0625rem] font-semibold">{name}</span>
          <LanguageSwitch />
        </header>
        <main id="main" className="my-auto w-full max-w-[380px] py-10 max-md:max-w-none">
          <h1 className="text-[1.875rem]">{title}</h1>
          {description ? <p className="mt-2 text-muted">{description}</p> : null}
          <div className="mt-7">{children}</div>
          {after ? <div className="mt-6 text-muted">{after}</div> : null}
        </main>
        <footer className="flex flex-wrap gap-x-4 text-md text-subtle">
          {organization?.phone ? (
            <a className="link text-subtle" href={`tel:${organization.phone.replace(/[^\d+]/g, "")}`}>
              {t("clinic_phone", { phone: organization.phone })}
            </a>
          ) : (
            <span>{t("secured_by")}</span>
          )}
        </footer>
      </div>
      {aside ? (
        <aside className="hidden items-center bg-sunken px-22 lg:flex">
          <div className="max-w-[460px]">
            <p className="text-[2.125rem] leading-[1.22] font-medium tracking-(--track-big) text-balance text-brand-text">
              {aside.headline}
            </p>
            <ul className="mt-7 flex flex-col gap-3.5 text-[1.0625rem]">
              {aside.points.map(({ icon, text }) => (
                <li
                  key={text}
                  className="flex items-center gap-3 [&_svg]:size-[1.25em] [&_svg]:shrink-0 [&_svg]:stroke-[1.75]"
                >
                  {icon}
                  {text}
                </li>
              ))}
            </ul>
          </div>
        </aside>
      ) : null}
    </div>
  );
}

/** The clinic's logo on a plate that stays white in dark, else its initial. */
export function Logo({ name, logo, className }: { name: string; logo: string | null; className?: string }) {
  if (!logo) return <BrandMark name={name} className={cn("size-9", className)} />;
  // eslint-disable-next-line @next/next/no-img-element -- a clinic's file of unknown size, served by the API
  return (
    <img src={logo} alt="" className="h-8 max-w-40 rounded-sm object-contain dark:bg-[white] dark:p-1" />
  );
}
