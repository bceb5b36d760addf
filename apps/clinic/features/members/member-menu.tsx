"use client";

import { Ellipsis, UserMinus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import type { Member } from "@workspace/api-client/shapes";
import { useErrorText } from "@workspace/i18n/error-text";
import { ConfirmDialog } from "@workspace/shell/confirm-dialog";
import { Button } from "@workspace/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@workspace/ui/dropdown-menu";
import { useToast } from "@workspace/ui/toast";
import { changeRole, removeMember } from "./actions";
import { staffRoles } from "./schema";

export function MemberMenu({ member }: { member: Pick<Member, "user_id" | "name" | "email" | "role"> }) {
  const t = useTranslations("members");
  const roles = useTranslations("roles");
  const toast = useToast();
  const router = useRouter();
  const errorText = useErrorText();
  const [removing, setRemoving] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();
  const name = member.name || member.email;

  const give = (role: string) =>
    startTransition(async () => {
      if (role === member.role) return;
      const result = await changeRole(member.user_id, role);
      setProblem(result.ok ? null : errorText(result));
      if (!result.ok) return;
      toast({ text: t("role_changed", { name }) });
      router.refresh();
    });

  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="quiet" size="icon" pending={pending} aria-label={t("actions_for", { name })}>
            {pending ? null : <Ellipsis aria-hidden="true" />}
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuLabel>{t("role")}</DropdownMenuLabel>
          <DropdownMenuRadioGroup value={member.role} onValueChange={give}>
            {staffRoles.map((role) => (
              <DropdownMenuRadioItem key={role} value={role}>
                {roles(role)}
              </DropdownMenuRadioItem>
            ))}
          </DropdownMenuRadioGroup>
          <DropdownMenuSeparator />
          <DropdownMenuItem tone="danger" onSelect={() => setRemoving(true)}>
            <UserMinus aria-hidden="true" />
            {t("remove")}
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      {problem ? (
        <p role="alert" className="max-w-64 text-left text-xs whitespace-normal text-danger-text">
          {problem}
        </p>
      ) : null}
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={t("remove_title", { name })}
        description={t("remove_text")}
        confirm={t("remove")}
        keep={t("remove_keep")}
        done={t("removed", { name })}
        action={() => removeMember(member.user_id)}
      />
    </>
  );
}
