import { ChevronLeft } from "lucide-react";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { LoadError } from "@workspace/shell/load-error";
import { EmptyState } from "@workspace/ui/empty-state";
import { readRecord } from "@/features/record/queries";
import { RecordForm } from "@/features/record/record-form";

export default async function RecordPage() {
  const [t, loaded] = await Promise.all([getTranslations("record"), readRecord()]);
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
      {loaded.ok ? (
        <RecordForm record={loaded.data.record} etag={loaded.data.etag} />
      ) : loaded.problem.status === 404 ? (
        <EmptyState title={t("none")}>{t("none_text")}</EmptyState>
      ) : (
        <LoadError problem={loaded.problem} />
      )}
    </main>
  );
}
