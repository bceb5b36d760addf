"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import type { Organization } from "@workspace/api-client/shapes";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { Button } from "@workspace/ui/button";
import { Card, CardHeader } from "@workspace/ui/card";
import { archiveOrganization } from "./actions";

export function ArchiveCard({
  organization,
  etag,
}: {
  organization: Pick<Organization, "id" | "name">;
  etag: string;
}) {
  const t = useTranslations("organizations");
  const [open, setOpen] = useState(false);
  return (
    <Card>
      <CardHeader
        className="border-b-0"
        title={t("danger")}
        description={t("archive_text")}
        actions={
          <Button variant="danger" onClick={() => setOpen(true)}>
            {t("archive")}
          </Button>
        }
      />
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={t("archive_title", { name: organization.name })}
        description={t("archive_text")}
        confirm={t("archive")}
        keep={t("archive_keep")}
        done={t("archived_done", { name: organization.name })}
        action={() => archiveOrganization(organization.id, etag)}
      />
    </Card>
  );
}
