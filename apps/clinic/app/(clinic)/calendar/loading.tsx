import { useTranslations } from "next-intl";
import { LoadingRegion, Skeleton } from "@workspace/ui/skeleton";

export default function Loading() {
  const t = useTranslations("states");
  return (
    <>
      <div className="h-12 border-b border-border bg-surface" />
      <main id="main" className="p-4">
        <LoadingRegion label={t("loading")} slowText={t("loading_slow")}>
          <Skeleton className="h-8 w-full" />
          <div className="mt-4 grid grid-cols-3 gap-3">
            {Array.from({ length: 12 }, (_, index) => (
              <Skeleton key={index} className="h-16" />
            ))}
          </div>
        </LoadingRegion>
      </main>
    </>
  );
}
