"use client";

import { useTranslations } from "next-intl";
import { useRef, type FormEvent, type ReactNode } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { Button } from "@workspace/ui/button";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { Textarea } from "@workspace/ui/textarea";
import { contactFields, type Contact, type ContactField, type ContactProblem } from "./contact";
import type { Notice } from "./notice";
import { NoticeText } from "./notice-text";
import { StepHeader } from "./step-header";

export interface ContactStepProps {
  contact: Contact;
  onChange: (field: ContactField, value: string) => void;
  /** Reasons of our own, or the server's sentence. */
  problems: Partial<Record<ContactField, ContactProblem | string>>;
  onLeave: (field: ContactField) => void;
  problem: ProblemLike | null;
  pending: boolean;
  onSubmit: () => void;
  back: { href: string; onClick: (event: React.MouseEvent) => void };
  /** The countdown, which on narrow screens stands above the form. */
  hold: ReactNode;
  notice: Notice | null;
}

function useProblemText() {
  const t = useTranslations("booking");
  return (problem: ContactProblem | string | undefined) => {
    if (problem === undefined) return undefined;
    if (typeof problem === "string") return problem;
    return t(`problem.${problem.code}`, { count: problem.count ?? 0 });
  };
}

/** Who comes: names, phone, e-mail when there is one. The labels are above, the reasons below each field. */
export function ContactStep(props: ContactStepProps) {
  const { contact, onChange, problems, onLeave, problem, pending, onSubmit, back, hold, notice } = props;
  const t = useTranslations("booking");
  const common = useTranslations("common");
  const text = useProblemText();
  const form = useRef<HTMLFormElement>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  const bind = (name: ContactField) => ({
    name,
    value: contact[name],
    onChange: (event: { target: { value: string } }) => onChange(name, event.target.value),
    onBlur: () => onLeave(name),
  });
  const wrong = contactFields.filter((name) => problems[name] !== undefined);
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <StepHeader step={3} title={t("contact_title")} text={t("contact_text")} back={back} />
      <div className="mt-4 lg:hidden">{hold}</div>
      <div className="mt-6 flex flex-col gap-5">
        <ProblemNote problem={problem} />
        {wrong.length > 1 ? (
          <div role="alert" className="rounded-md border border-danger-line bg-danger-soft px-4 py-3">
            <p className="font-semibold">{t("problems_title", { count: wrong.length })}</p>
            <ul>
              {wrong.map((name) => (
                <li key={name}>
                  <button
                    type="button"
                    className="link min-h-11 text-left"
                    onClick={() => form.current?.querySelector<HTMLElement>(`[name="${name}"]`)?.focus()}
                  >
                    {t(`field.${name}`)}: {text(problems[name])}
                  </button>
                </li>
              ))}
            </ul>
          </div>
        ) : null}
        <div className="grid gap-5 md:grid-cols-2 md:gap-4">
          <Field label={t("field.firstName")} error={text(problems.firstName)}>
            <Input autoComplete="given-name" {...bind("firstName")} />
          </Field>
          <Field label={t("field.lastName")} error={text(problems.lastName)}>
            <Input autoComplete="family-name" {...bind("lastName")} />
          </Field>
        </div>
        <Field label={t("field.phone")} error={text(problems.phone)}>
          <Input
            type="tel"
            inputMode="tel"
            autoComplete="tel"
            className="field-width-phone tabular-nums"
            {...bind("phone")}
          />
        </Field>
        <Field
          label={t("field.email")}
          optional={common("optional")}
          help={t("email_help")}
          error={text(problems.email)}
        >
          <Input type="email" inputMode="email" autoComplete="email" {...bind("email")} />
        </Field>
        <Field label={t("field.note")} optional={common("optional")} error={text(problems.note)}>
          <Textarea rows={3} placeholder={t("note_example")} {...bind("note")} />
        </Field>
        <div className="text-md text-muted">
          <p>{t("privacy_short")}</p>
          <details className="mt-1">
            <summary className="link inline-flex min-h-11 cursor-pointer items-center">
              {t("privacy_title")}
            </summary>
            <NoticeText notice={notice} />
          </details>
        </div>
        <div className="flex flex-col gap-3 md:flex-row">
          {/* Without this the reason under a field that is left moves the button away from under the finger. */}
          <Button
            type="submit"
            variant="primary"
            size="tall"
            pending={pending}
            onMouseDown={(event) => event.preventDefault()}
          >
            {t("submit")}
          </Button>
          <Button asChild variant="quiet" size="tall">
            <a href={back.href} onClick={back.onClick}>
              {t("back_to_times")}
            </a>
          </Button>
        </div>
      </div>
    </form>
  );
}
