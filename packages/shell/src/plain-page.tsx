import type { ReactNode } from "react";
import { LanguageSwitch } from "./language-switch";

/** A page without clinic brand: unknown address, address search, platform away. */
export function PlainPage({
  title,
  children,
  action,
}: {
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div data-density="comfortable" className="flex min-h-dvh flex-col px-5 py-6">
      <div className="flex justify-end">
        <LanguageSwitch />
      </div>
      <main id="main" className="m-auto w-full max-w-[440px] py-10">
        <h1 className="text-2xl">{title}</h1>
        {children ? <div className="mt-3 text-muted">{children}</div> : null}
        {action ? <div className="mt-6">{action}</div> : null}
      </main>
    </div>
  );
}
