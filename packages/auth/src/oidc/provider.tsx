import type { ReactNode } from "react";

/** The OIDC driver keeps nothing in the browser. */
export function AuthProvider({ children }: { children: ReactNode }) {
  return children;
}
