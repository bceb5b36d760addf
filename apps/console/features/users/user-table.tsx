import { CircleCheck, Lock, ShieldCheck } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { Badge } from "@workspace/ui/badge";
import { Card } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@workspace/ui/table";
import { BlockButton } from "./block-button";
import { searchUsers } from "./queries";

export async function UserTable({ query }: { query: string }) {
  const t = await getTranslations("users");
  if (query.length < 2) {
    return (
      <Card>
        <EmptyState title={t("start")}>{t("start_text")}</EmptyState>
      </Card>
    );
  }
  const [roles, format, loaded] = await Promise.all([
    getTranslations("roles"),
    getFormats(),
    searchUsers(query),
  ]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  if (loaded.data.length === 0) {
    return (
      <Card>
        <EmptyState
          title={t("none", { query })}
          action={
            <a className="link" href="/users">
              {t("clear")}
            </a>
          }
        >
          {t("none_text")}
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card>
      <Table>
        <TableHead>
          <tr>
            <TableHeader>{t("name")}</TableHeader>
            <TableHeader className="max-md:hidden">{t("clinics")}</TableHeader>
            <TableHeader>{t("status")}</TableHeader>
            <TableHeader numeric className="max-md:hidden">
              {t("last_activity")}
            </TableHeader>
            <TableHeader>
              <span className="sr-only">{t("actions")}</span>
            </TableHeader>
          </tr>
        </TableHead>
        <TableBody>
          {loaded.data.map((user) => (
            <TableRow key={user.id}>
              <TableCell className="h-13">
                <p className="flex items-center gap-2 font-medium">
                  {user.name || t("no_name")}
                  {user.platform_role ? (
                    <Badge tone="brand">
                      <ShieldCheck aria-hidden="true" />
                      {t("operator")}
                    </Badge>
                  ) : null}
                </p>
                <p className="text-xs text-muted">{user.email}</p>
              </TableCell>
              <TableCell className="text-muted max-md:hidden">
                {user.organizations.length === 0
                  ? t("no_clinics")
                  : user.organizations.map((one) => `${one.name} (${roles(one.role)})`).join(", ")}
              </TableCell>
              <TableCell>
                {user.blocked_at ? (
                  <Badge tone="danger">
                    <Lock aria-hidden="true" />
                    {t("blocked")}
                  </Badge>
                ) : (
                  <Badge tone="success">
                    <CircleCheck aria-hidden="true" />
                    {t("active")}
                  </Badge>
                )}
              </TableCell>
              <TableCell numeric className="text-muted max-md:hidden">
                {user.last_activity_at ? format.relative(user.last_activity_at) : t("never")}
              </TableCell>
              <TableCell className="w-px">
                <BlockButton id={user.id} email={user.email} blocked={user.blocked_at !== null} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  );
}
