import { useTranslations } from "next-intl";
import { LoadingRegion, Skeleton } from "@workspace/ui/skeleton";

export default function Loading() {
  const t = useTranslations("states");
  return (
    <main id="main" className="mx-auto max-w-[640px] px-4 py-6">
      <LoadingRegion label={t("loading")} slowText={t("loading_slow")}>
        <Skeleton className="h-1 w-full" />
        <Skeleton className="mt-6 h-8 w-64" />
        <Skeleton className="mt-6 h-20 w-full rounded-lg" />
        <div className="mt-6 grid grid-cols-4 gap-2">
          {Array.from({ length: 12 }, (_, index) => (
            <Skeleton key={index} className="h-12 rounded-md" />
          ))}
        </div>
      </LoadingRegion>
    </main>
  );
}
