import { ChevronRight, FileCheck2, UserRound } from "lucide-react";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { AccountContent } from "@workspace/shell/account/account-content";
import { SignOutButton } from "@workspace/shell/sign-out-button";

export default async function ProfilePage() {
  const [t, home, record, consents] = await Promise.all([
    getTranslations("navigation"),
    getTranslations("home"),
    getTranslations("record"),
    getTranslations("consents"),
  ]);
  const doors = [
    { href: "/profile/record", title: record("title"), text: record("card_text"), icon: <UserRound aria-hidden="true" /> },
    { href: "/profile/consents", title: consents("title"), text: consents("card_text"), icon: <FileCheck2 aria-hidden="true" /> },
  ];
  return (
    <main id="main" className="flex flex-col gap-5 px-4 py-6 md:px-0">
      <h1 className="text-2xl">{t("profile")}</h1>
      <nav aria-label={t("profile")} className="overflow-hidden rounded-lg border border-border bg-surface">
        {doors.map((door) => (
          <Link
            key={door.href}
            href={door.href}
            className="flex min-h-16 items-center gap-4 border-b border-border px-4 py-3 text-fg no-underline last:border-b-0 hover:bg-hover"
          >
            <span className="grid size-10 shrink-0 place-items-center rounded-full bg-brand-soft text-brand-text [&_svg]:size-5">
              {door.icon}
            </span>
            <span className="min-w-0 flex-1">
              <span className="block font-semibold">{door.title}</span>
              <span className="block text-md text-muted">{door.text}</span>
            </span>
            <ChevronRight aria-hidden="true" className="size-5 shrink-0 text-muted" />
          </Link>
        ))}
      </nav>
      <AccountContent />
      <SignOutButton>{home("sign_out")}</SignOutButton>
    </main>
  );
}
