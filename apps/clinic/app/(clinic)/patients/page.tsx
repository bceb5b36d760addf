import { Copy, Download, Plus } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { Button } from "@workspace/ui/button";
import { FilterBar } from "@/features/patients/filter-bar";
import { addressOf, readQuery } from "@/features/patients/list-query";
import { PatientTable } from "@/features/patients/patient-table";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("patients");
  return { title: t("title") };
}

export default async function PatientsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const session = await requirePage("patients.read");
  const [t, raw] = await Promise.all([getTranslations("patients"), searchParams]);
  const query = readQuery(raw);
  const mayManage = session.can("patients.manage");
  return (
    <Page
      title={t("title")}
      actions={
        mayManage ? (
          <>
            <Button asChild variant="line">
              <Link href="/patients/duplicates">
                <Copy aria-hidden="true" />
                {t("duplicates")}
              </Link>
            </Button>
            <Button asChild variant="line">
              <a href={addressOf(query).replace("/patients", "/patients/export")} download>
                <Download aria-hidden="true" />
                {t("export")}
              </a>
            </Button>
            <Button asChild variant="primary">
              <Link href="/patients/new">
                <Plus aria-hidden="true" />
                {t("add")}
              </Link>
            </Button>
          </>
        ) : null
      }
    >
      <FilterBar query={query} />
      <PatientTable query={query} mayManage={mayManage} />
    </Page>
  );
}
