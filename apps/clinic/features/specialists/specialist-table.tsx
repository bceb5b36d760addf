import { ArrowDown, ArrowUp, ChevronsUpDown, CircleCheck, CirclePause } from "lucide-react";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { formatPhone } from "@workspace/i18n/format";
import { Avatar } from "@workspace/ui/avatar";
import { Badge } from "@workspace/ui/badge";
import { Button } from "@workspace/ui/button";
import { Card } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { Pagination } from "@workspace/ui/pagination";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@workspace/ui/table";
import { isNarrowed, listHref, type ListQuery } from "./list-query";
import { readSpecialists } from "./queries";
import type { Specialist, Specialty } from "./wire";

export interface SpecialistTableProps {
  query: ListQuery;
  specialties: Specialty[];
  mayManage: boolean;
}

/** Who provides care, as far as the address narrows it. */
export async function SpecialistTable({ query, specialties, mayManage }: SpecialistTableProps) {
  const [t, format, loaded] = await Promise.all([
    getTranslations("specialists"),
    getFormats(),
    readSpecialists(query),
  ]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  const { specialists, total, pages, size } = loaded.data;
  if (total === 0) {
    return (
      <Card>
        {isNarrowed(query) ? (
          <EmptyState
            title={t("none_found")}
            action={
              <Button asChild>
                <Link href="/specialists">{t("filter.clear")}</Link>
              </Button>
            }
          >
            {t("none_found_text")}
          </EmptyState>
        ) : (
          <EmptyState
            title={t("empty")}
            action={
              mayManage ? (
                <Button asChild variant="primary">
                  <Link href="/specialists/new">{t("add")}</Link>
                </Button>
              ) : null
            }
          >
            {t("empty_text")}
          </EmptyState>
        )}
      </Card>
    );
  }
  const titles = new Map(specialties.map(({ id, title }) => [id, title]));
  const descending = query.sort === "-name";
  const SortIcon = query.sort === "name" ? ArrowUp : descending ? ArrowDown : ChevronsUpDown;
  return (
    <Card>
      <Table>
        <TableHead>
          <tr>
            <TableHeader aria-sort={query.sort === "name" ? "ascending" : descending ? "descending" : "none"}>
              <Link
                href={listHref(query, { sort: query.sort === "name" ? "-name" : "name" })}
                className="inline-flex min-h-6 items-center gap-1 text-muted no-underline hover:text-fg"
              >
                {t("name")}
                <SortIcon aria-hidden="true" strokeWidth={1.75} className="size-3.5" />
              </Link>
            </TableHeader>
            <TableHeader className="max-md:hidden">{t("specialties")}</TableHeader>
            <TableHeader className="max-lg:hidden">{t("phone")}</TableHeader>
            <TableHeader>{t("scheduling")}</TableHeader>
            <TableHeader className="max-md:hidden">
              <span className="sr-only">{t("hours")}</span>
            </TableHeader>
          </tr>
        </TableHead>
        <TableBody>
          {specialists.map((person) => (
            <TableRow key={person.id}>
              <TableCell className="h-14">
                <div className="flex items-center gap-3">
                  <Avatar name={person.name} className="size-9 text-xs" />
                  <div className="min-w-0">
                    <Link
                      href={`/specialists/${person.id}`}
                      className="font-medium text-fg no-underline hover:underline"
                    >
                      {person.name}
                    </Link>
                    <p className="truncate text-xs text-muted">{person.title ?? t("no_title")}</p>
                  </div>
                </div>
              </TableCell>
              <TableCell className="max-md:hidden">
                <Practised person={person} titles={titles} none={t("no_specialty")} />
              </TableCell>
              <TableCell className="text-muted tabular-nums max-lg:hidden">
                {person.phone ? formatPhone(person.phone) : t("no_phone")}
              </TableCell>
              <TableCell>
                <SpecialistState
                  person={person}
                  words={{ active: t("active"), inactive: t("inactive"), noZone: t("no_zone") }}
                />
              </TableCell>
              <TableCell className="text-right max-md:hidden">
                <Link href={`/specialists/${person.id}/hours`} className="link">
                  {t("hours")}
                </Link>
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      <Pagination
        label={t("pages")}
        summary={t("range", {
          from: format.number((query.page - 1) * size + 1),
          to: format.number(Math.min(query.page * size, total)),
          total: format.number(total),
        })}
        previousLabel={t("previous")}
        nextLabel={t("next")}
        previousHref={query.page > 1 ? listHref(query, { page: query.page - 1 }) : undefined}
        nextHref={query.page < pages ? listHref(query, { page: query.page + 1 }) : undefined}
      />
    </Card>
  );
}

function Practised({
  person,
  titles,
  none,
}: {
  person: Specialist;
  titles: Map<string, string>;
  none: string;
}) {
  const practised = person.specialty_ids.flatMap((id) => titles.get(id) ?? []);
  if (practised.length === 0) return <span className="text-muted">{none}</span>;
  return (
    <span className="flex flex-wrap gap-1">
      {practised.map((title) => (
        <Badge key={title}>{title}</Badge>
      ))}
    </span>
  );
}

/** Whether somebody can be booked, with the reason when not. */
export function SpecialistState({
  person,
  words,
}: {
  person: Pick<Specialist, "scheduling_active" | "scheduling_timezone">;
  words: { active: string; inactive: string; noZone: string };
}) {
  return person.scheduling_active && person.scheduling_timezone ? (
    <Badge tone="success">
      <CircleCheck aria-hidden="true" />
      {words.active}
    </Badge>
  ) : (
    <Badge>
      <CirclePause aria-hidden="true" />
      {person.scheduling_active ? words.noZone : words.inactive}
    </Badge>
  );
}
