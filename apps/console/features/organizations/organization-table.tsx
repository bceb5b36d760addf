import { getTranslations } from "next-intl/server";
import Link from "next/link";
import type { ReactNode } from "react";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { Card, CardHeader } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { Pagination } from "@workspace/ui/pagination";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@workspace/ui/table";
import { NewOrganizationLink } from "./new-organization-link";
import { readOrganizations } from "./queries";
import { StatusBadge } from "./status-badge";

const address = (page: number, search: string) =>
  `/organizations?${new URLSearchParams({ page: String(page), ...(search ? { search } : {}) }).toString()}`;

export async function OrganizationTable({
  page,
  search = "",
  actions,
}: {
  page: number;
  search?: string;
  actions?: ReactNode;
}) {
  const [t, format, loaded] = await Promise.all([
    getTranslations("organizations"),
    getFormats(),
    readOrganizations(page, search),
  ]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  const { organizations, total, pages, size } = loaded.data;
  return (
    <Card>
      <CardHeader title={t("title")} mark={format.number(total)} actions={actions} />
      {organizations.length === 0 && search ? (
        <EmptyState
          title={t("none", { search })}
          action={
            <a className="link" href="/organizations">
              {t("clear")}
            </a>
          }
        />
      ) : organizations.length === 0 ? (
        <EmptyState title={t("empty")} action={actions ? null : <NewOrganizationLink />}>
          {t("empty_text")}
        </EmptyState>
      ) : (
        <Table>
          <TableHead>
            <tr>
              <TableHeader>{t("name")}</TableHeader>
              <TableHeader className="max-md:hidden">{t("slug")}</TableHeader>
              <TableHeader className="max-md:hidden">{t("language")}</TableHeader>
              <TableHeader>{t("status")}</TableHeader>
              <TableHeader numeric className="max-md:hidden">
                {t("created")}
              </TableHeader>
            </tr>
          </TableHead>
          <TableBody>
            {organizations.map((organization) => (
              <TableRow key={organization.id} className="relative">
                <TableCell className="font-medium">
                  <Link
                    href={`/organizations/${organization.id}`}
                    className="text-fg no-underline after:absolute after:inset-0 hover:underline"
                  >
                    {organization.name}
                  </Link>
                  <p className="font-mono text-xs font-regular text-muted md:hidden">{organization.slug}</p>
                </TableCell>
                <TableCell className="font-mono text-xs text-muted max-md:hidden">
                  {organization.slug}
                </TableCell>
                <TableCell className="text-muted max-md:hidden">{organization.language_code}</TableCell>
                <TableCell>
                  <StatusBadge status={organization.status} />
                </TableCell>
                <TableCell numeric className="text-muted max-md:hidden">
                  {format.date(organization.created_at)}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
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
          previousHref={page > 1 ? address(page - 1, search) : undefined}
          nextHref={page < pages ? address(page + 1, search) : undefined}
        />
      ) : null}
    </Card>
  );
}
