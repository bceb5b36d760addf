"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@workspace/ui/button";
import { Note } from "@workspace/ui/note";
import { usePost } from "../use-post";
import { ProblemNote } from "./problem-note";

/** Proves an address. It waits for a press, because mail scanners open links on their own. */
export function VerifyEmailForm({ token }: { token: string }) {
  const t = useTranslations("auth");
  const [done, setDone] = useState(false);
  const { pending, problem, post } = usePost();
  if (done) {
    return (
      <Note
        tone="success"
        role="status"
        title={t("verify_done_title")}
        actions={
          <Button asChild variant="primary">
            <a href="/sign-in">{t("to_sign_in")}</a>
          </Button>
        }
      >
        {t("verify_done_text")}
      </Note>
    );
  }
  return (
    <div className="flex flex-col gap-[18px]">
      <ProblemNote problem={problem} />
      <Button
        variant="primary"
        size="tall"
        className="w-full"
        pending={pending}
        onClick={() =>
          void post("/api/session/verify-email", { token }).then((answer) => setDone(answer !== null))
        }
      >
        {t("verify_submit")}
      </Button>
    </div>
  );
}
