import { getTranslations } from "next-intl/server";
import { AccountContent } from "@workspace/shell/account/account-content";
import { SignOutButton } from "@workspace/shell/sign-out-button";

export default async function ProfilePage() {
  const [t, home] = await Promise.all([getTranslations("navigation"), getTranslations("home")]);
  return (
    <main id="main" className="flex flex-col gap-5 px-4 py-6 md:px-0">
      <h1 className="text-2xl">{t("profile")}</h1>
      <AccountContent />
      <SignOutButton>{home("sign_out")}</SignOutButton>
    </main>
  );
}
