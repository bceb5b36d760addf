import { Plus } from "lucide-react";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { Button } from "@workspace/ui/button";

export async function NewOrganizationLink() {
  const t = await getTranslations("organizations");
  return (
    <Button asChild variant="primary">
      <Link href="/organizations/new">
        <Plus aria-hidden="true" />
        {t("new")}
      </Link>
    </Button>
  );
}
