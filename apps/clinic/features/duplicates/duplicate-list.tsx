import { getNow, getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { Card } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { Pagination } from "@workspace/ui/pagination";
import { PairCard } from "./pair-card";
import { readMerges, readPairs } from "./queries";
import { UndoBanner } from "./undo-banner";
import { undoable } from "./wire";

const address = (page: number) => `/patients/duplicates?page=${page}`;

export async function DuplicateList({ page }: { page: number }) {
  const [t, format, now, found, merges] = await Promise.all([
    getTranslations("duplicates"),
    getFormats(),
    getNow(),
    readPairs(page),
    readMerges(),
  ]);
  if (!found.ok) return <LoadError problem={found.problem} />;
  if (!merges.ok) return <LoadError problem={merges.problem} />;
  const { pairs, total, pages, size } = found.data;
  return (
    <div className="flex flex-col gap-4">
      {undoable(merges.data, now.getTime()).map((merge) => (
        <UndoBanner key={merge.id} merge={merge} until={format.dateTime(merge.undo_until)} />
      ))}
      {pairs.length === 0 ? (
        <Card>
          <EmptyState title={t("empty")}>{t("empty_text")}</EmptyState>
        </Card>
      ) : (
        pairs.map((pair) => (
          <PairCard
            key={`${pair.first.id} ${pair.second.id}`}
            pair={pair}
            added={{
              [pair.first.id]: format.date(pair.first.created_at),
              [pair.second.id]: format.date(pair.second.created_at),
            }}
          />
        ))
      )}
      {pages > 1 ? (
        <Pagination
          label={t("pages")}
          summary={t("range", {
            from: format.number((page - 1) * size + 1),
            to: format.number(Math.min(page * size, total)),
            total: format.number(total),
          })}
          previousLabel={t("previous")}
          nextLabel={t("next")}
          previousHref={page > 1 ? address(page - 1) : undefined}
          nextHref={page < pages ? address(page + 1) : undefined}
        />
      ) : null}
    </div>
  );
}
