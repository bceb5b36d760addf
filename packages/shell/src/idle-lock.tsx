"use client";

import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { SignInForm } from "@workspace/auth/driver/forms";
import { Button } from "@workspace/ui/button";
import { LockScreen } from "@workspace/ui/lock-screen";
import { isIdle, readTouch, writeTouch } from "./idle";
import { signOut } from "./sign-out";

export interface IdleLockProps {
  /** Minutes without a touch in any tab after which the screen is covered. */
  minutes: number;
  /** Marks the sign-in; a new one opens the lock. */
  login: string;
  email: string;
  children: ReactNode;
}

const touches = ["pointerdown", "keydown", "wheel", "touchstart"] as const;
const checkEvery = 5_000;

/**
 * Covers the screen of somebody who walked away, until that person signs in again. What was typed stays underneath;
 * another person's sign-in starts the page afresh. It hides, it does not protect: the API's tokens end by themselves.
 */
export function IdleLock({ minutes, login, email, children }: IdleLockProps) {
  const t = useTranslations("shell");
  const router = useRouter();
  const [lockedLogin, setLockedLogin] = useState<string | null>(null);
  const locked = lockedLogin === login;
  const last = useRef(0);

  useEffect(() => {
    const limit = minutes * 60_000;
    const check = () => {
      if (isIdle(readTouch(localStorage), login, Date.now(), limit)) setLockedLogin(login);
    };
    const touch = () => {
      const now = Date.now();
      if (locked || now - last.current < 1_000) return;
      // The first touch after a long sleep must lock, not wake.
      if (isIdle(readTouch(localStorage), login, now, limit)) return setLockedLogin(login);
      last.current = now;
      writeTouch(localStorage, { login, at: now });
    };
    check();
    if (readTouch(localStorage)?.login !== login) touch();
    for (const name of touches) window.addEventListener(name, touch, { capture: true, passive: true });
    document.addEventListener("visibilitychange", check);
    const timer = window.setInterval(check, checkEvery);
    return () => {
      for (const name of touches) window.removeEventListener(name, touch, { capture: true });
      document.removeEventListener("visibilitychange", check);
      window.clearInterval(timer);
    };
  }, [login, minutes, locked]);

  return (
    <>
      <div key={email} className="contents">
        {children}
      </div>
      {locked ? (
        <LockScreen title={t("locked_title")} description={t("locked_text", { minutes })}>
          <SignInForm returnTo="" email={email} onSignedIn={() => router.refresh()} />
          <Button variant="quiet" className="w-full" onClick={() => void signOut()}>
            {t("sign_out")}
          </Button>
        </LockScreen>
      ) : null}
    </>
  );
}
