"use client";

import { Link2, Unlink, UserCheck, UserX } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { Button } from "@workspace/ui/button";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import { Field } from "@workspace/ui/field";
import { Select } from "@workspace/ui/select";
import { useToast } from "@workspace/ui/toast";
import { linkLogin } from "./actions";
import type { Specialist, StaffMember } from "./wire";

/** Which person of the clinic's staff signs in as this specialist. None is fine: then others keep the calendar. */
export function LoginLink({
  person,
  etag,
  staff,
}: {
  person: Specialist;
  etag: string;
  staff: StaffMember[];
}) {
  const t = useTranslations("specialists");
  const toast = useToast();
  const router = useRouter();
  const [chosen, setChosen] = useState("");
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const [pending, startTransition] = useTransition();
  const linked = staff.find(({ id }) => id === person.user_id);
  const save = (user: string | null) =>
    startTransition(async () => {
      const result = await linkLogin(person.id, user, etag);
      setProblem(result.ok ? null : { code: result.code, requestId: result.requestId });
      if (!result.ok) return;
      toast({ text: user ? t("login_linked") : t("login_unlinked") });
      setChosen("");
      router.refresh();
    });
  return (
    <Card>
      <CardHeader title={t("login")} description={t("login_text")} />
      <CardBody className="flex flex-col gap-3">
        <ProblemNote problem={problem} />
        {person.user_id ? (
          <div className="flex flex-wrap items-center gap-3">
            <UserCheck aria-hidden="true" strokeWidth={1.75} className="size-5 text-success-text" />
            <div className="min-w-0 flex-1">
              <p className="font-medium">{linked?.name ?? t("login_unknown")}</p>
              {linked ? <p className="truncate text-muted">{linked.email}</p> : null}
            </div>
            <Button variant="line" pending={pending} onClick={() => save(null)}>
              {pending ? null : <Unlink aria-hidden="true" />}
              {t("login_unlink")}
            </Button>
          </div>
        ) : (
          <>
            <p className="flex items-center gap-2 text-muted">
              <UserX aria-hidden="true" strokeWidth={1.75} className="size-5" />
              {t("login_none")}
            </p>
            {staff.length > 0 ? (
              <div className="flex flex-wrap items-end gap-2">
                <Field label={t("login_member")} className="min-w-0 flex-1 basis-52">
                  <Select
                    value={chosen}
                    onValueChange={setChosen}
                    placeholder={t("login_choose")}
                    options={staff.map(({ id, name, email }) => ({ value: id, label: `${name} · ${email}` }))}
                  />
                </Field>
                <Button pending={pending} disabled={chosen === ""} onClick={() => save(chosen)}>
                  {pending ? null : <Link2 aria-hidden="true" />}
                  {t("login_link")}
                </Button>
              </div>
            ) : null}
          </>
        )}
      </CardBody>
    </Card>
  );
}
