import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { SignInForm } from "@workspace/auth/driver/forms";
import { safeReturn } from "@workspace/auth/return-url";
import { Note } from "@workspace/ui/note";
import { AuthLayout, type AuthLayoutProps } from "./auth-layout";

export interface SignInSearch {
  return?: string | string[];
  ended?: string | string[];
}

export interface SignInPageProps extends Pick<AuthLayoutProps, "aside" | "platformName"> {
  search: SignInSearch;
  /** Where to go without a return address. */
  home: string;
  description: ReactNode;
  after: ReactNode;
}

export async function SignInPage({ search, home, description, after, aside, platformName }: SignInPageProps) {
  const t = await getTranslations("auth");
  const returnTo = safeReturn(typeof search.return === "string" ? search.return : null, home);
  return (
    <AuthLayout
      title={t("sign_in_title")}
      description={description}
      after={after}
      {...(aside ? { aside } : {})}
      {...(platformName ? { platformName } : {})}
    >
      {search.ended ? (
        <Note tone="info" className="mb-5">
          {t("ended")}
        </Note>
      ) : null}
      <SignInForm returnTo={returnTo} />
    </AuthLayout>
  );
}
