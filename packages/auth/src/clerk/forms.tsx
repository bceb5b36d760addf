"use client";

import { SignIn } from "@clerk/nextjs";
import type { SignInFormProps } from "../driver";

export function SignInForm({ returnTo }: SignInFormProps) {
  return <SignIn routing="hash" fallbackRedirectUrl={returnTo} />;
}
