import type { Metadata } from "next";
import { X } from "lucide-react";
import { getLocale, getTranslations } from "next-intl/server";
import Link from "next/link";
import { notFound } from "next/navigation";
import { chooseLocale } from "@workspace/i18n/locales";
import { currentOrganization } from "@workspace/org/request";
import { LoadError } from "@workspace/shell/load-error";
import { requirePage } from "@workspace/shell/lib/require-page";
import { EmptyState } from "@workspace/ui/empty-state";
import { BookedList } from "@/features/appointments/booked-list";
import { OnboardPanel } from "@/features/appointments/onboard-panel";
import { readBooked, readCandidates } from "@/features/appointments/queries";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("appointments");
  return { title: t("desk_title") };
}

export default async function BookingsPage({
  searchParams,
}: {
  searchParams: Promise<{ visit?: string | string[] }>;
}) {
  const session = await requirePage("appointments.onboard");
  const [t, current, organization, search, booked] = await Promise.all([
    getTranslations("appointments"),
    getLocale(),
    currentOrganization(),
    searchParams,
    readBooked(),
  ]);
  if (!organization) notFound();
  const locale = chooseLocale({ cookie: current, acceptLanguage: null });
  const zone = organization.timezone;
  const visits = booked.ok ? booked.data.visits : [];
  const at = visits.findIndex(({ id }) => id === search.visit);
  const visit = visits[at];
  const candidates = visit ? await readCandidates(visit.id) : null;
  const next = visits[at + 1] ?? visits[at - 1];
  return (
    <div className="flex min-h-full flex-col md:h-full">
      <header className="flex min-h-12 items-center gap-2 border-b border-border bg-surface px-4">
        <h1 className="text-[15px]">{t("desk_title")}</h1>
        {booked.ok ? <span className="text-muted tabular-nums">{booked.data.total}</span> : null}
      </header>
      <main
        id="main"
        className="flex min-h-0 flex-1 flex-col bg-surface lg:grid lg:grid-cols-[minmax(0,1fr)_min(520px,44vw)]"
      >
        <section
          aria-label={t("desk_list")}
          className={visit ? "min-h-0 overflow-y-auto max-lg:hidden" : "min-h-0 overflow-y-auto"}
        >
          {booked.ok ? (
            <BookedList visits={visits} chosen={visit?.id ?? null} zone={zone} locale={locale} />
          ) : (
            <div className="p-5">
              <LoadError problem={booked.problem} />
            </div>
          )}
        </section>
        <section
          aria-label={t("desk_panel")}
          className={
            visit
              ? "relative flex min-h-0 flex-col overflow-y-auto border-border lg:border-l"
              : "hidden border-l border-border lg:block"
          }
        >
          {visit && candidates ? (
            <>
              <Link
                href="/bookings"
                className="flex min-h-(--control-h) items-center gap-1.5 border-b border-border px-4 py-1 text-muted no-underline hover:text-fg"
              >
                <X aria-hidden="true" strokeWidth={1.75} className="size-4" />
                {t("close_panel")}
              </Link>
              {candidates.ok ? (
                <OnboardPanel
                  key={visit.id}
                  visit={visit}
                  candidates={candidates.data}
                  zone={zone}
                  locale={locale}
                  nextId={next?.id ?? null}
                  mayOnboard={session.can("appointments.onboard") && visit.allowed.includes("onboard")}
                />
              ) : (
                <div className="p-4">
                  <LoadError problem={candidates.problem} />
                </div>
              )}
            </>
          ) : booked.ok && visits.length > 0 ? (
            <EmptyState title={t("choose_one")}>{t("choose_one_text")}</EmptyState>
          ) : null}
        </section>
      </main>
    </div>
  );
}
