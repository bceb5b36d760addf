"use client";

import { Check, Search, UserRoundCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { Badge } from "@workspace/ui/badge";
import { Button } from "@workspace/ui/button";
import { Checkbox } from "@workspace/ui/checkbox";
import { Field } from "@workspace/ui/field";
import { Input } from "@workspace/ui/input";
import { Label } from "@workspace/ui/label";
import { Note } from "@workspace/ui/note";
import { RadioCard, RadioGroup } from "@workspace/ui/radio-group";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { formatPhone } from "@workspace/i18n/format";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { searchPatients } from "./actions";
import type { Choice } from "./onboard-model";
import type { NewPatientInput } from "./schema";
import type { Appointment, Candidate, Patient } from "./wire";

export interface MatchStepProps {
  visit: Appointment;
  candidates: Candidate[];
  found: Patient[];
  onFound: (people: Patient[]) => void;
  choice: Choice;
  onChoose: (choice: Choice) => void;
  fresh: NewPatientInput;
  onFresh: (fresh: NewPatientInput) => void;
  acknowledged: boolean;
  onAcknowledge: (value: boolean) => void;
}

const same = (a: string | null, b: string | null) =>
  a !== null && b !== null && a.toLowerCase().replace(/\s/g, "") === b.toLowerCase().replace(/\s/g, "");

/** What the guest gave beside what the file says; a mark where they agree. */
function Comparison({ visit, person }: { visit: Appointment; person: Candidate }) {
  const t = useTranslations("appointments");
  const phone = (value: string | null) => (value ? formatPhone(value) : null);
  const name = `${person.first_name} ${person.last_name}`;
  const rows = [
    [t("compare.name"), visit.contact.name, name],
    [t("compare.phone"), phone(visit.contact.phone), phone(person.phone)],
    [t("compare.email"), visit.contact.email, person.email],
    [t("compare.file"), null, person.file_number],
  ] as const;
  return (
    <table className="mt-2 w-full border-collapse rounded-sm text-left [&_td]:border-b [&_td]:border-border [&_td]:px-2 [&_td]:py-1.5 [&_th]:border-b [&_th]:border-border [&_th]:px-2 [&_th]:py-1.5 [&_tr:last-child>*]:border-b-0">
      <thead>
        <tr>
          <td />
          <th scope="col" className="text-xs font-medium">
            {t("compare.booking")}
          </th>
          <th scope="col" className="text-xs font-medium">
            {t("compare.record")}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([label, given, known]) => (
          <tr key={label}>
            <th scope="row" className="font-regular text-muted">
              {label}
            </th>
            <td className="break-words tabular-nums">
              {given ?? <span className="text-muted">{t("compare.none")}</span>}
            </td>
            <td className="break-words tabular-nums">
              {same(given, known) ? (
                <Check
                  aria-label={t("compare.equal")}
                  strokeWidth={2}
                  className="mr-1 inline size-3.5 text-success-text"
                />
              ) : null}
              {known ?? <span className="text-muted">{t("compare.none")}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function PatientSearch({ onFound }: { onFound: (people: Patient[]) => void }) {
  const t = useTranslations("appointments");
  const [text, setText] = useState("");
  const [asked, setAsked] = useState<number | null>(null);
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const [pending, startTransition] = useTransition();
  const search = () =>
    startTransition(async () => {
      const result = await searchPatients(text);
      setProblem(result.ok ? null : { code: result.code, requestId: result.requestId });
      if (!result.ok) return;
      setAsked(result.data.length);
      onFound(result.data);
    });
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        search();
      }}
    >
      <Field label={t("search_label")} help={asked === 0 ? t("search_none") : undefined}>
        <Input value={text} onChange={(event) => setText(event.target.value)} autoComplete="off" />
      </Field>
      <Button
        type="submit"
        variant="line"
        className="mt-2"
        pending={pending}
        disabled={text.trim().length < 2}
      >
        {pending ? null : <Search aria-hidden="true" />}
        {t("search")}
      </Button>
      <ProblemNote problem={problem} />
    </form>
  );
}

/** Is the guest somebody the clinic knows: candidates, a search, or a new file. */
export function MatchStep(props: MatchStepProps) {
  const { visit, candidates, found, onFound, choice, onChoose, fresh, onFresh, acknowledged, onAcknowledge } =
    props;
  const t = useTranslations("appointments");
  const common = useTranslations("common");
  const others = found.filter(({ id }) => !candidates.some(({ patient_id: known }) => known === id));
  const set = (name: keyof NewPatientInput) => (event: { target: { value: string } }) =>
    onFresh({ ...fresh, [name]: event.target.value });
  return (
    <div className="flex flex-col gap-4">
      {candidates.length > 0 ? (
        <Note tone="warn" title={t("looks_known")}>
          {t("looks_known_text")}
        </Note>
      ) : (
        <Note tone="info">{t("looks_new")}</Note>
      )}
      <RadioGroup
        aria-label={t("who_is")}
        value={choice.kind === "new" ? "new" : choice.id}
        onValueChange={(value) =>
          onChoose(value === "new" ? { kind: "new" } : { kind: "existing", id: value })
        }
      >
        {candidates.map((person) => (
          <div key={person.patient_id}>
            <RadioCard
              value={person.patient_id}
              title={
                <span className="flex flex-wrap items-center gap-2">
                  {t("use_file")}
                  <Badge>{t("score", { score: person.score })}</Badge>
                </span>
              }
              description={`${person.first_name} ${person.last_name}`}
            />
            {choice.kind === "existing" && choice.id === person.patient_id ? (
              <Comparison visit={visit} person={person} />
            ) : null}
          </div>
        ))}
        {others.map((person) => (
          <RadioCard
            key={person.id}
            value={person.id}
            title={`${person.first_name} ${person.last_name}`}
            description={[person.phone ? formatPhone(person.phone) : null, person.file_number]
              .filter(Boolean)
              .join(", ")}
          />
        ))}
        <RadioCard value="new" title={t("make_file")} description={t("make_file_text")} />
      </RadioGroup>
      {choice.kind === "new" ? (
        <div className="grid gap-3 rounded-md border border-border p-3 md:grid-cols-2">
          <Field label={t("new.first_name")}>
            <Input value={fresh.first_name} onChange={set("first_name")} autoComplete="off" />
          </Field>
          <Field label={t("new.last_name")}>
            <Input value={fresh.last_name} onChange={set("last_name")} autoComplete="off" />
          </Field>
          <Field label={t("new.phone")}>
            <Input type="tel" value={fresh.phone} onChange={set("phone")} autoComplete="off" />
          </Field>
          <Field label={t("new.email")} optional={common("optional")}>
            <Input type="email" value={fresh.email} onChange={set("email")} autoComplete="off" />
          </Field>
          {candidates.length > 0 ? (
            <div className="flex items-start gap-2.5 md:col-span-2">
              <Checkbox
                id="acknowledge"
                checked={acknowledged}
                onCheckedChange={(checked) => onAcknowledge(checked === true)}
              />
              <Label htmlFor="acknowledge" className="text-body font-regular">
                {t("acknowledge", { count: candidates.length })}
              </Label>
            </div>
          ) : null}
        </div>
      ) : null}
      <details>
        <summary className="link inline-flex min-h-(--target) cursor-pointer items-center gap-1.5">
          <UserRoundCheck aria-hidden="true" strokeWidth={1.75} className="size-4" />
          {t("search_other")}
        </summary>
        <div className="mt-2">
          <PatientSearch onFound={onFound} />
        </div>
      </details>
    </div>
  );
}
