import type { ReactNode } from "react";
import { cn } from "@workspace/ui/lib/cn";

export interface PageProps {
  title: ReactNode;
  mark?: ReactNode;
  actions?: ReactNode;
  /** One sentence under the bar. */
  description?: ReactNode;
  width?: "full" | "form";
  children: ReactNode;
}

/** One page inside the frame: the 48 px bar with title and main action, then the content. */
export function Page({ title, mark, actions, description, width = "full", children }: PageProps) {
  return (
    <>
      <header className="sticky top-0 z-10 flex min-h-12 flex-wrap items-center gap-x-3 gap-y-2 border-b border-border bg-surface px-4 py-1.5 md:px-5 max-md:static">
        <h1 className="text-[15px]">{title}</h1>
        {mark}
        <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>
      </header>
      <main
        id="main"
        className={cn(
          "mx-auto flex w-full flex-col gap-4 px-4 py-5 md:px-6",
          width === "form" ? "max-w-[720px] md:mx-0" : "max-w-[1600px]",
        )}
      >
        {description ? <p className="-mt-1 max-w-[68ch] text-muted">{description}</p> : null}
        {children}
      </main>
    </>
  );
}
