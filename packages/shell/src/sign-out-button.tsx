"use client";

import type { ReactNode } from "react";
import { Button } from "@workspace/ui/button";
import { signOut } from "./sign-out";

export function SignOutButton({ children }: { children: ReactNode }) {
  return <Button onClick={() => void signOut()}>{children}</Button>;
}
