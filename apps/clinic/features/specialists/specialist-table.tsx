import { CircleCheck, CirclePause } from "lucide-react";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { formatPhone } from "@workspace/i18n/format";
import { Avatar } from "@workspace/ui/avatar";
import { Badge } from "@workspace/ui/badge";
import { Button } from "@workspace/ui/button";
import { Card, CardHeader } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@workspace/ui/table";
import { readSpecialists, readSpecialties } from "./queries";

export async function SpecialistTable({ mayManage }: { mayManage: boolean }) {
  const [t, format, loaded, specialties] = await Promise.all([
    getTranslations("specialists"),
    getFormats(),
    readSpecialists(),
    readSpecialties(),
  ]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  const titles = new Map(specialties.ok ? specialties.data.map(({ id, title }) => [id, title]) : []);
  return (
    <Card>
      <CardHeader title={t("list")} mark={format.number(loaded.data.length)} />
      {loaded.data.length === 0 ? (
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
      ) : (
        <Table>
          <TableHead>
            <tr>
              <TableHeader>{t("name")}</TableHeader>
              <TableHeader className="max-md:hidden">{t("specialties")}</TableHeader>
              <TableHeader className="max-lg:hidden">{t("phone")}</TableHeader>
              <TableHeader>{t("scheduling")}</TableHeader>
              <TableHeader>
                <span className="sr-only">{t("hours")}</span>
              </TableHeader>
            </tr>
          </TableHead>
          <TableBody>
            {loaded.data.map((person) => {
              const practised = person.specialty_ids.flatMap((id) => titles.get(id) ?? []);
              return (
                <TableRow key={person.id}>
                  <TableCell className="h-13">
                    <div className="flex items-center gap-3">
                      <Avatar name={person.name} />
                      <div className="min-w-0">
                        <Link
                          href={mayManage ? `/specialists/${person.id}` : `/specialists/${person.id}/hours`}
                          className="font-medium text-fg no-underline hover:underline"
                        >
                          {person.name}
                        </Link>
                        <p className="truncate text-xs text-muted">{person.title ?? t("no_title")}</p>
                      </div>
                    </div>
                  </TableCell>
                  <TableCell className="text-muted max-md:hidden">
                    {practised.length > 0 ? practised.join(", ") : t("no_specialty")}
                  </TableCell>
                  <TableCell className="text-muted tabular-nums max-lg:hidden">
                    {person.phone ? formatPhone(person.phone) : t("no_phone")}
                  </TableCell>
                  <TableCell>
                    {person.scheduling_active && person.scheduling_timezone ? (
                      <Badge tone="success">
                        <CircleCheck aria-hidden="true" />
                        {t("active")}
                      </Badge>
                    ) : (
                      <Badge>
                        <CirclePause aria-hidden="true" />
                        {person.scheduling_active ? t("no_zone") : t("inactive")}
                      </Badge>
                    )}
                  </TableCell>
                  <TableCell className="text-right">
                    <Link href={`/specialists/${person.id}/hours`} className="link">
                      {t("hours")}
                    </Link>
                  </TableCell>
                </TableRow>
              );
            })}
          </TableBody>
        </Table>
      )}
    </Card>
  );
}
