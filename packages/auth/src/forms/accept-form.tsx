"use client";

import { useLocale, useTranslations } from "next-intl";
import { useState, type FormEvent } from "react";
import { Button } from "@workspace/ui/button";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { usePost } from "../use-post";
import { NewPasswordField } from "./new-password-field";
import { ProblemNote } from "./problem-note";

export interface AcceptFormProps {
  token: string;
  email: string;
  /** The visitor is signed in as the invited person: nothing to type. */
  signedIn: boolean;
  destination: string;
}

/** Accepts an invitation: as the signed-in person, or with a new account. */
export function AcceptForm({ token, email, signedIn, destination }: AcceptFormProps) {
  const t = useTranslations("auth");
  const locale = useLocale();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const { pending, problem, post } = usePost();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const body = signedIn ? { token, locale } : { token, name, password, locale };
    const answer = await post("/api/session/accept", body);
    if (!answer) return;
    const signIn = answer.status === "accepted" && !signedIn;
    window.location.assign(signIn ? `/sign-in?return=${encodeURIComponent(destination)}` : destination);
  };
  return (
    <form method="post" onSubmit={(event) => void submit(event)} className="flex flex-col gap-[18px]">
      <ProblemNote problem={problem} />
      <Field label={t("email")}>
        <Input type="email" name="email" autoComplete="username" value={email} readOnly />
      </Field>
      {signedIn ? null : (
        <>
          <Field label={t("name")} error={problem?.fields.name}>
            <Input
              name="name"
              autoComplete="name"
              required
              maxLength={200}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
          <NewPasswordField value={password} onChange={setPassword} error={problem?.fields.password} />
        </>
      )}
      <Button type="submit" variant="primary" size="tall" className="w-full" pending={pending}>
        {t("accept_submit")}
      </Button>
    </form>
  );
}
