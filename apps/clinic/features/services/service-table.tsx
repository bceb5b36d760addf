import { EyeOff, Globe, Users } from "lucide-react";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { formatDuration, formatMoney } from "@workspace/i18n/format";
import { Badge } from "@workspace/ui/badge";
import { Button } from "@workspace/ui/button";
import { Card, CardHeader } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@workspace/ui/table";
import { readServices } from "./queries";

export async function ServiceTable({ mayManage }: { mayManage: boolean }) {
  const [t, format, loaded] = await Promise.all([getTranslations("services"), getFormats(), readServices()]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  return (
    <Card>
      <CardHeader title={t("list")} mark={format.number(loaded.data.length)} />
      {loaded.data.length === 0 ? (
        <EmptyState
          title={t("empty")}
          action={
            mayManage ? (
              <Button asChild variant="primary">
                <Link href="/services/new">{t("add")}</Link>
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
              <TableHeader numeric>{t("duration")}</TableHeader>
              <TableHeader numeric>{t("price")}</TableHeader>
              <TableHeader numeric className="max-md:hidden">
                {t("offered_by")}
              </TableHeader>
              <TableHeader>{t("visibility")}</TableHeader>
            </tr>
          </TableHead>
          <TableBody>
            {loaded.data.map((service) => {
              const offers = service.specialists.filter(({ is_active: active }) => active).length;
              return (
                <TableRow key={service.id}>
                  <TableCell className="h-13">
                    {mayManage ? (
                      <Link
                        href={`/services/${service.id}`}
                        className="font-medium text-fg no-underline hover:underline"
                      >
                        {service.name}
                      </Link>
                    ) : (
                      <span className="font-medium">{service.name}</span>
                    )}
                    <p className="text-xs text-muted">
                      {t(`category.${service.category}`)}
                      {service.is_addon ? `, ${t("addon")}` : ""}
                    </p>
                  </TableCell>
                  <TableCell numeric>
                    {service.duration_min === null ? (
                      <span className="text-muted">{t("no_duration")}</span>
                    ) : (
                      formatDuration(service.duration_min)
                    )}
                  </TableCell>
                  <TableCell numeric>
                    {service.base_price_minor === null
                      ? t("on_request")
                      : service.base_price_minor === 0
                        ? t("free")
                        : formatMoney(service.base_price_minor, service.currency, format.locale)}
                  </TableCell>
                  <TableCell numeric className="max-md:hidden">
                    {offers === 0 ? <span className="text-muted">{t("nobody")}</span> : format.number(offers)}
                  </TableCell>
                  <TableCell>
                    {!service.published ? (
                      <Badge>
                        <EyeOff aria-hidden="true" />
                        {t("draft")}
                      </Badge>
                    ) : service.is_public ? (
                      <Badge tone="success">
                        <Globe aria-hidden="true" />
                        {t("public")}
                      </Badge>
                    ) : (
                      <Badge tone="info">
                        <Users aria-hidden="true" />
                        {t("patients_only")}
                      </Badge>
                    )}
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
