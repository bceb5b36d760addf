import { ChevronLeft } from "lucide-react";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { currentOrganization } from "@workspace/org/request";
import { ConsentList } from "@/features/consents/consent-list";

export default async function ConsentsPage() {
  const [t, organization] = await Promise.all([getTranslations("consents"), currentOrganization()]);
  return (
    <main id="main" className="flex flex-col gap-5 px-4 py-6 md:px-0">
      <Link href="/profile" className="link inline-flex min-h-11 items-center gap-1 self-start">
        <ChevronLeft aria-hidden="true" className="size-5" />
        {t("back")}
      </Link>
      <div>
        <h1 className="text-2xl">{t("title")}</h1>
        <p className="mt-1 text-muted">{t("intro")}</p>
      </div>
      <ConsentList clinic={organization?.name ?? ""} />
    </main>
  );
}
