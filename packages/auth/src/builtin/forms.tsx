"use client";

import { KeyRound, Mail } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, useSyncExternalStore, type FormEvent } from "react";
import { Button } from "@workspace/ui/button";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { PasswordInput } from "@workspace/ui/password-input";
import type { SignInFormProps } from "../driver";
import { askPasskey, passkeysSupported } from "../passkeys";
import { usePost } from "../use-post";
import { ProblemNote } from "../forms/problem-note";

type Step = { name: "password" } | { name: "code" } | { name: "second"; methods: string[] };

const never = () => () => undefined;

function requestOptions(
  answer: Record<string, unknown>,
): { ceremonyId: string; publicKey: PublicKeyCredentialRequestOptionsJSON } | null {
  const options: unknown = answer.options;
  if (
    typeof answer.ceremony_id !== "string" ||
    typeof options !== "object" ||
    options === null ||
    !("publicKey" in options)
  )
    return null;
  const copy: { publicKey: PublicKeyCredentialRequestOptionsJSON } = JSON.parse(JSON.stringify(options));
  return { ceremonyId: answer.ceremony_id, publicKey: copy.publicKey };
}

/** Sign-in of the built-in driver: passkey, password, code by e-mail, then the second factor when the account has one. */
export function SignInForm({ returnTo, variant = "page", onSignedIn, email: initialEmail }: SignInFormProps) {
  const t = useTranslations("auth");
  const [step, setStep] = useState<Step>({ name: "password" });
  const [email, setEmail] = useState(initialEmail ?? "");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [codeSent, setCodeSent] = useState(false);
  const { pending, problem, post, fail, clear } = usePost();
  const passkeys = useSyncExternalStore(never, passkeysSupported, () => false);

  const go = (next: Step) => {
    clear();
    setCode("");
    setCodeSent(false);
    setStep(next);
  };

  const proceed = (answer: Record<string, unknown> | null) => {
    if (!answer) return;
    if (answer.status === "mfa_required") {
      go({ name: "second", methods: Array.isArray(answer.methods) ? answer.methods.map(String) : [] });
    } else if (onSignedIn) onSignedIn();
    else window.location.assign(returnTo);
  };

  const withPasskey = async () => {
    const begun = await post("/api/session/passkey/begin", {});
    const request = begun && requestOptions(begun);
    if (!request) return;
    try {
      const credential = await askPasskey(request.publicKey);
      proceed(await post("/api/session/passkey/finish", { ceremony_id: request.ceremonyId, credential }));
    } catch {
      fail("passkey_failed");
    }
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (step.name === "password") return proceed(await post("/api/session", { email, password }));
    if (step.name === "second") return proceed(await post("/api/session/totp", { code }));
    if (codeSent) return proceed(await post("/api/session/code/verify", { email, code }));
    if (await post("/api/session/code", { email })) setCodeSent(true);
  };

  const codeField = (label: string, help: string) => (
    <Field label={label} help={help}>
      <Input
        name="code"
        value={code}
        onChange={(event) => setCode(event.target.value)}
        inputMode={step.name === "second" ? "text" : "numeric"}
        autoComplete="one-time-code"
        required
        autoFocus
        className="tracking-[0.12em] tabular-nums"
      />
    </Field>
  );

  const emailField = (
    <Field label={t("email")}>
      <Input
        name="email"
        type="email"
        autoComplete="username webauthn"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        required
        readOnly={codeSent}
      />
    </Field>
  );

  return (
    <form method="post" onSubmit={(event) => void submit(event)} className="flex flex-col gap-[18px]">
      {variant === "page" && step.name === "password" && passkeys ? (
        <>
          <Button className="w-full" onClick={() => void withPasskey()} disabled={pending}>
            <KeyRound aria-hidden="true" />
            {t("with_passkey")}
          </Button>
          <div className="flex items-center gap-3.5 text-md text-muted before:h-px before:flex-1 before:bg-border after:h-px after:flex-1 after:bg-border">
            {t("or_password")}
          </div>
        </>
      ) : null}

      <ProblemNote problem={problem} />

      {step.name === "password" ? (
        <>
          {emailField}
          <Field
            label={t("password")}
            aside={
              variant === "page" ? (
                <a href="/forgot-password" className="link text-label">
                  {t("forgot")}
                </a>
              ) : null
            }
          >
            <PasswordInput
              name="password"
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              required
              showLabel={t("show_password")}
              hideLabel={t("hide_password")}
            />
          </Field>
          <Button type="submit" variant="primary" size="tall" className="w-full" pending={pending}>
            {t("submit")}
          </Button>
          <Button variant="quiet" className="w-full" onClick={() => go({ name: "code" })}>
            <Mail aria-hidden="true" />
            {t("with_code")}
          </Button>
        </>
      ) : null}

      {step.name === "code" ? (
        <>
          {emailField}
          {codeSent ? codeField(t("code"), t("code_sent", { email })) : null}
          <Button type="submit" variant="primary" size="tall" className="w-full" pending={pending}>
            {codeSent ? t("submit") : t("send_code")}
          </Button>
          <Button variant="quiet" className="w-full" onClick={() => go({ name: "password" })}>
            {t("back_to_password")}
          </Button>
        </>
      ) : null}

      {step.name === "second" ? (
        <>
          <div>
            <h2>{t("second_title")}</h2>
            <p className="mt-1 text-muted">{t("second_text")}</p>
          </div>
          {codeField(
            t("second_code"),
            step.methods.includes("recovery") ? t("second_recovery") : t("second_help"),
          )}
          <Button type="submit" variant="primary" size="tall" className="w-full" pending={pending}>
            {t("submit")}
          </Button>
          {passkeys && step.methods.includes("passkey") ? (
            <Button className="w-full" onClick={() => void withPasskey()} disabled={pending}>
              <KeyRound aria-hidden="true" />
              {t("with_passkey")}
            </Button>
          ) : null}
          <Button variant="quiet" className="w-full" onClick={() => go({ name: "password" })}>
            {t("other_account")}
          </Button>
        </>
      ) : null}
    </form>
  );
}
