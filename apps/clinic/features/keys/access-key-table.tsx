import { getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { Badge } from "@workspace/ui/badge";
import { Card } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@workspace/ui/table";
import { readAccessKeys } from "./queries";
import { RevokeKey } from "./revoke-key";

export async function AccessKeyTable() {
  const [t, format, loaded] = await Promise.all([getTranslations("keys"), getFormats(), readAccessKeys()]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  return (
    <Card>
      {loaded.data.length === 0 ? (
        <EmptyState title={t("no_keys")}>{t("no_keys_text")}</EmptyState>
      ) : (
        <Table>
          <TableHead>
            <tr>
              <TableHeader>{t("name")}</TableHeader>
              <TableHeader>{t("rights")}</TableHeader>
              <TableHeader numeric>{t("last_used")}</TableHeader>
              <TableHeader>
                <span className="sr-only">{t("revoke")}</span>
              </TableHeader>
            </tr>
          </TableHead>
          <TableBody>
            {loaded.data.map((key) => (
              <TableRow key={key.id}>
                <TableCell className="h-13">
                  <p className="font-medium">{key.name}</p>
                  <p className="font-mono text-xs text-muted">{key.prefix}…</p>
                </TableCell>
                <TableCell>
                  <span className="flex flex-wrap gap-1">
                    {key.scopes.map((scope) => (
                      <Badge key={scope}>{scope}</Badge>
                    ))}
                  </span>
                </TableCell>
                <TableCell numeric className="text-muted">
                  {key.last_used_at ? format.relative(key.last_used_at) : t("never_used")}
                </TableCell>
                <TableCell className="w-px">
                  <RevokeKey id={key.id} name={key.name} />
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </Card>
  );
}
