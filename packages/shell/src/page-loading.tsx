import { useTranslations } from "next-intl";
import { LoadingRegion, Skeleton } from "@workspace/ui/skeleton";

/** The loading state of a page in the frame: bar, then a card of rows. */
export function PageLoading({ rows = 6 }: { rows?: number }) {
  const t = useTranslations("states");
  return (
    <>
      <div className="flex h-12 items-center border-b border-border bg-surface px-5" />
      <main id="main" className="px-4 py-5 md:px-6">
        <LoadingRegion label={t("loading")} slowText={t("loading_slow")}>
          <div className="overflow-hidden rounded-lg border border-border bg-surface">
            {Array.from({ length: rows }, (_, row) => (
              <div
                key={row}
                className="flex h-(--row-h) items-center gap-6 border-b border-border px-3 last:border-b-0"
              >
                <Skeleton className="h-3 w-40" />
                <Skeleton className="h-3 w-56 max-md:hidden" />
                <Skeleton className="ml-auto h-3 w-20" />
              </div>
            ))}
          </div>
        </LoadingRegion>
      </main>
    </>
  );
}
