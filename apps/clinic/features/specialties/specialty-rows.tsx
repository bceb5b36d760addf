"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { ProblemNote } from "@workspace/auth/forms/problem-note";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { useToast } from "@workspace/ui/toast";
import { orderSpecialties } from "./actions";
import { moved } from "./order";
import { SpecialtyRow } from "./specialty-row";
import type { Specialty, Uses } from "./wire";

/** The specialties in the order in which patients see them; the arrows change it. */
export function SpecialtyRows({
  rows,
  mayManage,
}: {
  rows: { specialty: Specialty; uses: Uses }[];
  mayManage: boolean;
}) {
  const t = useTranslations("specialties");
  const toast = useToast();
  const router = useRouter();
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const [pending, startTransition] = useTransition();
  const move = (index: number, step: 1 | -1) =>
    startTransition(async () => {
      const result = await orderSpecialties(
        moved(rows, index, step).map(({ specialty: { id, row_version, sort_order } }) => ({
          id,
          version: row_version,
          sort_order,
        })),
      );
      setProblem(result.ok ? null : { code: result.code, requestId: result.requestId });
      if (result.ok) toast({ text: t("moved") });
      router.refresh();
    });
  return (
    <>
      {problem ? (
        <div className="border-b border-border p-4">
          <ProblemNote problem={problem} />
        </div>
      ) : null}
      <ul aria-busy={pending}>
        {rows.map(({ specialty, uses }, index) => (
          <SpecialtyRow
            key={specialty.id}
            specialty={specialty}
            uses={uses}
            mayManage={mayManage}
            pending={pending}
            onUp={index > 0 ? () => move(index, -1) : undefined}
            onDown={index < rows.length - 1 ? () => move(index, 1) : undefined}
          />
        ))}
      </ul>
    </>
  );
}
