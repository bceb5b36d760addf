import { getTranslations } from "next-intl/server";
import { VerifyEmailForm } from "@workspace/auth/forms/verify-email-form";
import { AuthLayout } from "@workspace/shell/auth-layout";
import { Note } from "@workspace/ui/note";

export default async function VerifyEmailPage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string | string[] }>;
}) {
  const [t, { token }] = await Promise.all([getTranslations("auth"), searchParams]);
  const complete = typeof token === "string" && token !== "";
  return (
    <AuthLayout title={t("verify_title")} description={t("verify_text")}>
      {complete ? <VerifyEmailForm token={token} /> : <Note tone="warn">{t("reset_missing")}</Note>}
    </AuthLayout>
  );
}
