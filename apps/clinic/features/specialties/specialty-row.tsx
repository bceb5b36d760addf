"use client";

import { ArrowDown, ArrowUp, Pencil, Tag, Trash2, Users } from "lucide-react";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useState } from "react";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { Badge } from "@workspace/ui/badge";
import { Button } from "@workspace/ui/button";
import { removeSpecialty } from "./actions";
import { SpecialtyDialog } from "./specialty-dialog";
import type { Named, Specialty, Uses } from "./wire";

export interface SpecialtyRowProps {
  specialty: Specialty;
  uses: Uses;
  mayManage: boolean;
  /** The order is being saved. */
  pending: boolean;
  /** Absent at the ends of the list. */
  onUp: (() => void) | undefined;
  onDown: (() => void) | undefined;
}

function UseList({ title, rows, path }: { title: string; rows: Named[]; path: string }) {
  if (rows.length === 0) return null;
  return (
    <div>
      <p className="text-xs text-muted">{title}</p>
      <ul>
        {rows.map(({ id, name }) => (
          <li key={id}>
            <Link href={`${path}/${id}`} className="link">
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** One specialty: its place, who uses it, and what can be done with it. */
export function SpecialtyRow({ specialty, uses, mayManage, pending, onUp, onDown }: SpecialtyRowProps) {
  const t = useTranslations("specialties");
  const [removing, setRemoving] = useState(false);
  const { title } = specialty;
  const used = uses.specialists.length + uses.services.length > 0;
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1.5 border-b border-border px-4 py-2.5 last:border-b-0">
      {mayManage ? (
        <div className="flex">
          <Button
            variant="quiet"
            size="icon"
            aria-label={t("up_of", { title })}
            disabled={!onUp || pending}
            onClick={onUp}
          >
            <ArrowUp aria-hidden="true" />
          </Button>
          <Button
            variant="quiet"
            size="icon"
            aria-label={t("down_of", { title })}
            disabled={!onDown || pending}
            onClick={onDown}
          >
            <ArrowDown aria-hidden="true" />
          </Button>
        </div>
      ) : null}
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {title}
          {specialty.active ? null : <Badge>{t("inactive")}</Badge>}
        </p>
        {specialty.description ? <p className="text-muted">{specialty.description}</p> : null}
      </div>
      <p className="flex gap-4 text-muted tabular-nums">
        <Link
          href={`/specialists?specialty=${specialty.id}`}
          className="flex items-center gap-1.5 text-muted no-underline hover:text-fg"
        >
          <Users aria-hidden="true" strokeWidth={1.75} className="size-4" />
          {t("specialists", { count: uses.specialists.length })}
        </Link>
        <span className="flex items-center gap-1.5">
          <Tag aria-hidden="true" strokeWidth={1.75} className="size-4" />
          {t("services", { count: uses.services.length })}
        </span>
      </p>
      {mayManage ? (
        <div className="flex gap-1">
          <SpecialtyDialog specialty={specialty}>
            <Button variant="quiet" size="icon" aria-label={t("edit_of", { title })}>
              <Pencil aria-hidden="true" />
            </Button>
          </SpecialtyDialog>
          <Button
            variant="quiet"
            size="icon"
            aria-label={t("remove_of", { title })}
            onClick={() => setRemoving(true)}
          >
            <Trash2 aria-hidden="true" />
          </Button>
        </div>
      ) : null}
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={t("remove_title", { title })}
        description={t("remove_text")}
        confirm={t("remove")}
        keep={t("keep")}
        done={t("removed", { title })}
        action={() => removeSpecialty(specialty.id, specialty.row_version)}
      >
        {used ? (
          <div className="flex flex-wrap gap-x-10 gap-y-3 rounded-md border border-border bg-sunken px-3.5 py-3">
            <UseList title={t("used_by_specialists")} rows={uses.specialists} path="/specialists" />
            <UseList title={t("used_by_services")} rows={uses.services} path="/services" />
          </div>
        ) : null}
      </ConfirmDialog>
    </li>
  );
}
