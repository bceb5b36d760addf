import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { formatPhone } from "@workspace/i18n/format";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { Avatar } from "@workspace/ui/avatar";
import { Button } from "@workspace/ui/button";
import { Card, CardHeader } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { Pagination } from "@workspace/ui/pagination";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@workspace/ui/table";
import { AccountBadge } from "./account-badge";
import { addressOf, type PatientQuery } from "./list-query";
import { readPatients } from "./queries";

export async function PatientTable({ query, mayManage }: { query: PatientQuery; mayManage: boolean }) {
  const [t, format, loaded] = await Promise.all([
    getTranslations("patients"),
    getFormats(),
    readPatients(query),
  ]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  const { patients, total, pages, size } = loaded.data;
  const narrowed = query.search !== "" || query.status !== "" || query.account !== "";
  return (
    <Card>
      <CardHeader title={t("title")} mark={format.number(total)} />
      {patients.length === 0 && narrowed ? (
        <EmptyState
          title={t("none")}
          action={
            <Link className="link" href="/patients">
              {t("clear")}
            </Link>
          }
        >
          {t("none_text")}
        </EmptyState>
      ) : patients.length === 0 ? (
        <EmptyState
          title={t("empty")}
          action={
            mayManage ? (
              <Button asChild variant="primary">
                <Link href="/patients/new">{t("add")}</Link>
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
              <TableHeader className="max-md:hidden">{t("phone")}</TableHeader>
              <TableHeader className="max-lg:hidden">{t("email")}</TableHeader>
              <TableHeader>{t("account")}</TableHeader>
              <TableHeader numeric className="max-md:hidden">
                {t("added")}
              </TableHeader>
            </tr>
          </TableHead>
          <TableBody>
            {patients.map((patient) => {
              const missing = (field: string) =>
                patient.withheld_fields.includes(field) ? (
                  <span className="text-subtle italic">{t("not_shared")}</span>
                ) : (
                  <span className="text-subtle">{t("not_entered")}</span>
                );
              const name = `${patient.first_name} ${patient.last_name}`;
              return (
                <TableRow key={patient.id} className="relative">
                  <TableCell className="h-13">
                    <div className="flex items-center gap-3">
                      <Avatar name={name} />
                      <div className="min-w-0">
                        <Link
                          href={`/patients/${patient.id}`}
                          className="font-medium text-fg no-underline after:absolute after:inset-0 hover:underline"
                        >
                          {name}
                        </Link>
                        <p className="text-xs text-muted tabular-nums">
                          {t("file", { number: patient.file_number })}
                          {patient.status === "archived" ? ` · ${t("status_archived")}` : null}
                        </p>
                      </div>
                    </div>
                  </TableCell>
                  <TableCell className="text-muted tabular-nums max-md:hidden">
                    {patient.phone ? formatPhone(patient.phone) : missing("phone")}
                  </TableCell>
                  <TableCell className="text-muted max-lg:hidden">{patient.email ?? missing("email")}</TableCell>
                  <TableCell>
                    <AccountBadge state={patient.account_state} />
                  </TableCell>
                  <TableCell numeric className="text-muted max-md:hidden">
                    {format.date(patient.created_at)}
                  </TableCell>
                </TableRow>
              );
            })}
          </TableBody>
        </Table>
      )}
      {pages > 1 ? (
        <Pagination
          label={t("pages")}
          summary={t("range", {
            from: format.number((query.page - 1) * size + 1),
            to: format.number(Math.min(query.page * size, total)),
            total: format.number(total),
          })}
          previousLabel={t("previous")}
          nextLabel={t("next")}
          previousHref={query.page > 1 ? addressOf(query, { page: query.page - 1 }) : undefined}
          nextHref={query.page < pages ? addressOf(query, { page: query.page + 1 }) : undefined}
        />
      ) : null}
    </Card>
  );
}
