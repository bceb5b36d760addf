"use client";

import { useTranslations } from "next-intl";
import { useState, type FormEvent } from "react";
import { Button } from "@workspace/ui/button";
import { Note } from "@workspace/ui/note";
import { usePost } from "../use-post";
import { NewPasswordField } from "./new-password-field";
import { ProblemNote } from "./problem-note";

export function ResetForm({ token }: { token: string }) {
  const t = useTranslations("auth");
  const [password, setPassword] = useState("");
  const [done, setDone] = useState(false);
  const { pending, problem, post } = usePost();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await post("/api/session/reset", { token, password })) setDone(true);
  };
  if (done) {
    return (
      <Note
        tone="success"
        role="status"
        title={t("reset_done_title")}
        actions={
          <Button asChild variant="primary">
            <a href="/sign-in">{t("to_sign_in")}</a>
          </Button>
        }
      >
        {t("reset_done_text")}
      </Note>
    );
  }
  return (
    <form method="post" onSubmit={(event) => void submit(event)} className="flex flex-col gap-[18px]">
      <ProblemNote problem={problem} />
      <NewPasswordField value={password} onChange={setPassword} error={problem?.fields.password} />
      <Button type="submit" variant="primary" size="tall" className="w-full" pending={pending}>
        {t("reset_submit")}
      </Button>
    </form>
  );
}
