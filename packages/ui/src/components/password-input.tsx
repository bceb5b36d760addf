"use client";

import { Eye, EyeOff } from "lucide-react";
import { useState, type ComponentProps } from "react";
import { cn } from "../lib/cn";
import { Input } from "./input";

export interface PasswordInputProps extends Omit<ComponentProps<"input">, "type"> {
  showLabel: string;
  hideLabel: string;
}

export function PasswordInput({ className, showLabel, hideLabel, ...props }: PasswordInputProps) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <div className="relative">
      <Input type={shown ? "text" : "password"} className={cn("pr-12", className)} {...props} />
      <button
        type="button"
        aria-label={shown ? hideLabel : showLabel}
        aria-pressed={shown}
        title={shown ? hideLabel : showLabel}
        onClick={() => setShown((now) => !now)}
        className="absolute top-1/2 right-1 grid size-[min(var(--control-h),44px)] -translate-y-1/2 place-items-center rounded-sm text-muted hover:text-fg"
      >
        <Icon aria-hidden="true" strokeWidth={1.75} className="size-(--icon)" />
      </button>
    </div>
  );
}
