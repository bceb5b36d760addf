import "server-only";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { appName } from "@workspace/auth/app-name";
import { driver } from "@workspace/auth/driver/server";
import { AuthLayout } from "./auth-layout";
import { MfaSteps } from "./mfa-steps";

/** Where someone lands whose role or clinic asks for a second factor that is not set up yet. */
export async function MfaPage() {
  if (!(await driver.readToken())) redirect("/sign-in?return=/mfa");
  const t = await getTranslations("auth");
  return (
    <AuthLayout title={t("mfa_title")} description={t("mfa_text")}>
      <MfaSteps home={appName() === "portal" ? "/home" : "/"} />
    </AuthLayout>
  );
}
