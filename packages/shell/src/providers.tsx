"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ToastProvider } from "@workspace/ui/toast";
import { ReloginProvider } from "./relogin";

export function Providers({ children }: { children: ReactNode }) {
  const t = useTranslations("common");
  return (
    <ToastProvider closeLabel={t("close")}>
      <ReloginProvider>{children}</ReloginProvider>
    </ToastProvider>
  );
}
