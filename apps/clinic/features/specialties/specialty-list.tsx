import { getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { Button } from "@workspace/ui/button";
import { Card, CardHeader } from "@workspace/ui/card";
import { EmptyState } from "@workspace/ui/empty-state";
import { readSpecialties } from "./queries";
import { SpecialtyDialog } from "./specialty-dialog";
import { SpecialtyRow } from "./specialty-row";

export async function SpecialtyList({ mayManage }: { mayManage: boolean }) {
  const [t, format, loaded] = await Promise.all([
    getTranslations("specialties"),
    getFormats(),
    readSpecialties(),
  ]);
  if (!loaded.ok) return <LoadError problem={loaded.problem} />;
  return (
    <Card>
      <CardHeader title={t("list")} mark={format.number(loaded.data.length)} />
      {loaded.data.length === 0 ? (
        <EmptyState
          title={t("empty")}
          action={
            mayManage ? (
              <SpecialtyDialog specialty={null}>
                <Button variant="primary">{t("add")}</Button>
              </SpecialtyDialog>
            ) : null
          }
        >
          {t("empty_text")}
        </EmptyState>
      ) : (
        <ul>
          {loaded.data.map((specialty) => (
            <SpecialtyRow key={specialty.id} specialty={specialty} mayManage={mayManage} />
          ))}
        </ul>
      )}
    </Card>
  );
}
