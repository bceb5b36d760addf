import { getTranslations } from "next-intl/server";
import { ResetForm } from "@workspace/auth/forms/reset-form";
import { AuthLayout } from "@workspace/shell/auth-layout";
import { Note } from "@workspace/ui/note";

export default async function ResetPasswordPage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string | string[] }>;
}) {
  const [t, { token }] = await Promise.all([getTranslations("auth"), searchParams]);
  return (
    <AuthLayout
      title={t("reset_title")}
      after={
        <a className="link" href="/forgot-password">
          {t("forgot")}
        </a>
      }
    >
      {typeof token === "string" && token ? (
        <ResetForm token={token} />
      ) : (
        <Note tone="warn">{t("reset_missing")}</Note>
      )}
    </AuthLayout>
  );
}
