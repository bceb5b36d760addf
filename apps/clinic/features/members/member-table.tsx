import { CircleCheck, CirclePause } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { Avatar } from "@workspace/ui/avatar";
import { Badge } from "@workspace/ui/badge";
import { Card, CardHeader } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { Pagination } from "@workspace/ui/pagination";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@workspace/ui/table";
import { InviteDialog } from "./invite-dialog";
import { MemberMenu } from "./member-menu";
import { readMembers } from "./queries";

const address = (page: number) => `/members?page=${page}`;

export async function MemberTable({ page }: { page: number }) {
  const [t, roles, format, loaded] = await Promise.all([
    getTranslations("members"),
    getTranslations("roles"),
    getFormats(),
    readMembers(page),
  ]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  const { members, total, pages, size } = loaded.data;
  return (
    <Card>
      <CardHeader title={t("team")} mark={format.number(total)} />
      {members.length === 0 ? (
        <EmptyState title={t("empty")} action={<InviteDialog />}>
          {t("empty_text")}
        </EmptyState>
      ) : (
        <Table>
          <TableHead>
            <tr>
              <TableHeader>{t("name")}</TableHeader>
              <TableHeader className="max-md:hidden">{t("role")}</TableHeader>
              <TableHeader className="max-md:hidden">{t("status")}</TableHeader>
              <TableHeader numeric className="max-lg:hidden">
                {t("last_activity")}
              </TableHeader>
              <TableHeader numeric className="max-lg:hidden">
                {t("joined_at")}
              </TableHeader>
              <TableHeader>
                <span className="sr-only">{t("actions")}</span>
              </TableHeader>
            </tr>
          </TableHead>
          <TableBody>
            {members.map((member) => (
              <TableRow key={`${member.user_id}-${member.role}`}>
                <TableCell className="h-13">
                  <div className="flex items-center gap-3">
                    <Avatar name={member.name || member.email} />
                    <div className="min-w-0">
                      <p className="truncate font-medium">{member.name || t("no_name")}</p>
                      <p className="truncate text-xs text-muted">{member.email}</p>
                      <p className="text-xs text-muted md:hidden">
                        {roles(member.role)}, {member.status === "active" ? t("active") : t("suspended")}
                      </p>
                    </div>
                  </div>
                </TableCell>
                <TableCell className="max-md:hidden">{roles(member.role)}</TableCell>
                <TableCell className="max-md:hidden">
                  {member.status === "active" ? (
                    <Badge tone="success">
                      <CircleCheck aria-hidden="true" />
                      {t("active")}
                    </Badge>
                  ) : (
                    <Badge>
                      <CirclePause aria-hidden="true" />
                      {t("suspended")}
                    </Badge>
                  )}
                </TableCell>
                <TableCell numeric className="text-muted max-lg:hidden">
                  {member.last_activity_at ? format.relative(member.last_activity_at) : t("never")}
                </TableCell>
                <TableCell numeric className="text-muted max-lg:hidden">
                  {format.date(member.joined_at)}
                </TableCell>
                <TableCell className="w-px text-right">
                  {member.role === "patient" ? null : <MemberMenu member={member} />}
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
          previousHref={page > 1 ? address(page - 1) : undefined}
          nextHref={page < pages ? address(page + 1) : undefined}
        />
      ) : null}
    </Card>
  );
}
