"use client";

import { useTranslations } from "next-intl";
import { useState, type FormEvent } from "react";
import { Button } from "@workspace/ui/button";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { Note } from "@workspace/ui/note";
import { usePost } from "../use-post";
import { ProblemNote } from "./problem-note";

/** Asks for a link to a new password. The answer is the same whether the address is known or not. */
export function ForgotForm() {
  const t = useTranslations("auth");
  const [email, setEmail] = useState("");
  const [sent, setSent] = useState(false);
  const { pending, problem, post } = usePost();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await post("/api/session/forgot", { email })) setSent(true);
  };
  if (sent) {
    return (
      <Note tone="info" role="status" title={t("forgot_sent_title")}>
        {t("forgot_sent_text", { email })}
      </Note>
    );
  }
  return (
    <form method="post" onSubmit={(event) => void submit(event)} className="flex flex-col gap-[18px]">
      <ProblemNote problem={problem} />
      <Field label={t("email")}>
        <Input
          type="email"
          name="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </Field>
      <Button type="submit" variant="primary" size="tall" className="w-full" pending={pending}>
        {t("forgot_submit")}
      </Button>
    </form>
  );
}
