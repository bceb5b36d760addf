"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import { SaveBar } from "@workspace/shell/save-bar";
import { Card, CardHeader } from "@workspace/ui/card";
import { Checkbox } from "@workspace/ui/checkbox";
import { EmptyState } from "@workspace/ui/empty-state";
import { Input } from "@workspace/ui/input";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@workspace/ui/table";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { saveOffers } from "./actions";
import { draftOf, offersOf, type OfferDraft } from "./offer-drafts";
import type { Named, Service } from "./wire";

/** Who offers the service, and where the price or the length differs from the service's own. */
export function OffersEditor({ service, specialists }: { service: Service; specialists: Named[] }) {
  const t = useTranslations("services");
  const router = useRouter();
  const [drafts, setDrafts] = useState(() =>
    specialists.map((person) => draftOf(person, service.specialists)),
  );
  const [kept, setKept] = useState(drafts);
  const [saved, setSaved] = useState(false);
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const [pending, startTransition] = useTransition();
  const change = (id: string, part: Partial<OfferDraft>) =>
    setDrafts((known) => known.map((draft) => (draft.id === id ? { ...draft, ...part } : draft)));
  const save = () =>
    startTransition(async () => {
      const offers = offersOf(drafts);
      if (!offers) return setProblem({ code: "validation_error" });
      const result = await saveOffers(service.id, offers);
      if (!result.ok) return setProblem({ code: result.code, requestId: result.requestId });
      setProblem(null);
      setKept(drafts);
      setSaved(true);
      router.refresh();
    });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      noValidate
    >
      <Card>
        <CardHeader title={t("who")} description={t("who_text")} />
        {problem ? (
          <div className="p-4">
            <ProblemNote problem={problem} />
          </div>
        ) : null}
        {specialists.length === 0 ? (
          <EmptyState title={t("no_specialists")}>{t("no_specialists_text")}</EmptyState>
        ) : (
          <Table>
            <TableHead>
              <tr>
                <TableHeader>{t("specialist")}</TableHeader>
                <TableHeader>{t("own_price", { currency: service.currency })}</TableHeader>
                <TableHeader>{t("own_duration")}</TableHeader>
                <TableHeader>{t("priority")}</TableHeader>
              </tr>
            </TableHead>
            <TableBody>
              {drafts.map((draft) => (
                <TableRow key={draft.id}>
                  <TableCell className="h-11">
                    <label className="flex min-h-(--target) items-center gap-2.5 font-medium">
                      <Checkbox
                        checked={draft.offers}
                        onCheckedChange={(checked) => change(draft.id, { offers: checked === true })}
                      />
                      {draft.name}
                    </label>
                  </TableCell>
                  {(["price", "duration", "priority"] as const).map((name) => (
                    <TableCell key={name}>
                      <Input
                        aria-label={t(`${name}_of`, { name: draft.name })}
                        inputMode={name === "price" ? "decimal" : "numeric"}
                        disabled={!draft.offers}
                        value={draft[name]}
                        placeholder={name === "priority" ? "50" : t("as_service")}
                        onChange={(event) => change(draft.id, { [name]: event.target.value })}
                        className="w-28 text-right tabular-nums"
                      />
                    </TableCell>
                  ))}
                </TableRow>
              ))}
            </TableBody>
          </Table>
        )}
        <SaveBar pending={pending} dirty={JSON.stringify(drafts) !== JSON.stringify(kept)} saved={saved} />
      </Card>
    </form>
  );
}
