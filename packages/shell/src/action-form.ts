"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useTranslations } from "next-intl";
import { useState } from "react";
import {
  useForm,
  type DefaultValues,
  type FieldValues,
  type Path,
  type UseFormReturn,
} from "react-hook-form";
import type { z } from "zod";
import type { Result } from "@workspace/api-client/result";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { useRelogin } from "./relogin";

export interface ActionForm<Input extends FieldValues> {
  form: UseFormReturn<Input>;
  pending: boolean;
  problem: ProblemLike | null;
  onSubmit: (event?: React.BaseSyntheticEvent) => Promise<void>;
  /** The sentence under a field, or undefined. */
  error: (name: Path<Input>) => string | undefined;
}

export interface ActionFormOptions<Input extends FieldValues, T> {
  schema: z.ZodType<Input, Input>;
  defaults: DefaultValues<Input>;
  action: (input: Input) => Promise<Result<T>>;
  onDone: (data: T, form: UseFormReturn<Input>) => void;
}

const sessionCodes = new Set(["unauthorized", "token_expired", "http_401"]);

/**
 * A form over a zod schema and a server action. What was typed survives every refusal; refused fields get the server's
 * sentence; an ended session opens the sign-in dialog over the form.
 */
export function useActionForm<Input extends FieldValues, T>({
  schema,
  defaults,
  action,
  onDone,
}: ActionFormOptions<Input, T>): ActionForm<Input> {
  const t = useTranslations("validation");
  const relogin = useRelogin();
  const [problem, setProblem] = useState<ProblemLike | null>(null);
  const form = useForm<Input>({ resolver: zodResolver(schema), defaultValues: defaults, mode: "onTouched" });
  const {
    formState: { errors, isSubmitting },
  } = form;

  const submit = async (input: Input) => {
    setProblem(null);
    let result: Result<T>;
    try {
      result = await action(input);
    } catch {
      return setProblem({ code: "network_unavailable" });
    }
    if (result.ok) {
      form.reset(input);
      return onDone(result.data, form);
    }
    let placed = false;
    for (const [name, message] of Object.entries(result.fields)) {
      const field = Object.keys(form.getValues()).find((key) => key === name);
      if (!field) continue;
      form.setError(`${field}` as Path<Input>, { type: "server", message }, { shouldFocus: !placed });
      placed = true;
    }
    if (!placed)
      setProblem({
        code: result.code,
        requestId: result.requestId,
        retryAfterSeconds: result.retryAfterSeconds,
      });
    if (sessionCodes.has(result.code)) relogin();
  };

  const error = (name: Path<Input>) => {
    const found = name
      .split(".")
      .reduce<unknown>(
        (node, key) => (typeof node === "object" && node !== null ? Reflect.get(node, key) : undefined),
        errors,
      );
    if (
      typeof found !== "object" ||
      found === null ||
      !("message" in found) ||
      typeof found.message !== "string"
    )
      return undefined;
    return t.has(`codes.${found.message}`) ? t(`codes.${found.message}`) : found.message || t("invalid");
  };

  return { form, pending: isSubmitting, problem, onSubmit: form.handleSubmit(submit), error };
}
