import { useTranslations } from "next-intl";
import { LoadingRegion, Skeleton } from "@workspace/ui/skeleton";

export default function Loading() {
  const t = useTranslations("states");
  return (
    <main id="main" className="px-4 py-6">
      <LoadingRegion label={t("loading")} slowText={t("loading_slow")}>
        <Skeleton className="h-8 w-56" />
        <Skeleton className="mt-6 h-40 w-full rounded-lg" />
        <Skeleton className="mt-4 h-24 w-full rounded-lg" />
      </LoadingRegion>
    </main>
  );
}
