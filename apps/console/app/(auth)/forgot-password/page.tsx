import { getTranslations } from "next-intl/server";
import { ForgotForm } from "@workspace/auth/forms/forgot-form";
import { AuthLayout } from "@workspace/shell/auth-layout";

export default async function ForgotPasswordPage() {
  const t = await getTranslations("auth");
  return (
    <AuthLayout
      title={t("forgot_title")}
      description={t("forgot_text")}
      after={
        <a className="link" href="/sign-in">
          {t("back_to_sign_in")}
        </a>
      }
    >
      <ForgotForm />
    </AuthLayout>
  );
}
