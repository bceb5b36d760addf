import { ChevronRight, ShieldCheck, UserRound } from "lucide-react";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import type { ReactNode } from "react";
import { Card } from "@workspace/ui/card";

function Step({ href, icon, title, text }: { href: string; icon: ReactNode; title: string; text: string }) {
  return (
    <li className="border-b border-border last:border-b-0">
      <Link
        href={href}
        className="flex min-h-16 items-center gap-3 px-4 py-2 text-fg no-underline hover:bg-hover [&>svg]:size-[22px] [&>svg]:shrink-0 [&>svg]:stroke-[1.75]"
      >
        {icon}
        <span className="min-w-0 flex-1">
          <span className="block">{title}</span>
          <span className="block text-label text-muted">{text}</span>
        </span>
        <ChevronRight aria-hidden="true" />
      </Link>
    </li>
  );
}

export async function NextSteps({ protectedAccount }: { protectedAccount: boolean }) {
  const t = await getTranslations("home");
  return (
    <section>
      <h2 className="mb-2">{t("account_ready")}</h2>
      <Card>
        <ul className="[&_svg:first-child]:text-brand-text">
          {protectedAccount ? null : (
            <Step
              href="/profile"
              icon={<ShieldCheck aria-hidden="true" />}
              title={t("protect")}
              text={t("protect_text")}
            />
          )}
          <Step
            href="/profile"
            icon={<UserRound aria-hidden="true" />}
            title={t("profile")}
            text={t("profile_text")}
          />
        </ul>
      </Card>
    </section>
  );
}
