import { getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { Badge } from "@workspace/ui/badge";
import { Card } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@workspace/ui/table";
import { EndGrant } from "./end-grant";
import { readGrants } from "./queries";

/** Who of the platform was let in, why and until when; an access that is open can be closed here. */
export async function GrantTable() {
  const [t, format, loaded] = await Promise.all([getTranslations("break_glass"), getFormats(), readGrants()]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  return (
    <Card>
      {loaded.data.length === 0 ? (
        <EmptyState title={t("none")}>{t("none_text")}</EmptyState>
      ) : (
        <Table>
          <TableHead>
            <tr>
              <TableHeader>{t("operator")}</TableHeader>
              <TableHeader>{t("reason")}</TableHeader>
              <TableHeader>{t("from")}</TableHeader>
              <TableHeader>{t("until")}</TableHeader>
              <TableHeader>
                <span className="sr-only">{t("end")}</span>
              </TableHeader>
            </tr>
          </TableHead>
          <TableBody>
            {loaded.data.map((grant) => (
              <TableRow key={grant.id}>
                <TableCell className="h-13 font-medium">{grant.actor_name}</TableCell>
                <TableCell>{grant.reason}</TableCell>
                <TableCell className="tabular-nums">{format.dateTime(grant.opened_at)}</TableCell>
                <TableCell className="tabular-nums">
                  {grant.active ? (
                    <Badge tone="warn">{t("open_until", { time: format.dateTime(grant.expires_at) })}</Badge>
                  ) : (
                    format.dateTime(grant.ended_at ?? grant.expires_at)
                  )}
                </TableCell>
                <TableCell className="w-px">
                  {grant.active ? <EndGrant id={grant.id} operator={grant.actor_name} /> : null}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </Card>
  );
}
