"use client";

import { CircleCheck, X } from "lucide-react";
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from "react";

export interface ToastMessage {
  text: string;
  /** Undo, when the finished act can be taken back. */
  action?: { label: string; run: () => void };
}

const lifetimeMs = 6000;
const ToastContext = createContext<(message: ToastMessage) => void>(() => undefined);

/** Announces a finished action. Errors never go here: they stay inline until solved. */
export function useToast() {
  return useContext(ToastContext);
}

export function ToastProvider({ children, closeLabel }: { children: ReactNode; closeLabel: string }) {
  const [toast, setToast] = useState<(ToastMessage & { id: number }) | null>(null);
  const [held, setHeld] = useState(false);
  const counter = useRef(0);
  const show = useCallback((message: ToastMessage) => {
    counter.current += 1;
    setToast({ ...message, id: counter.current });
  }, []);
  const close = useCallback(() => setToast(null), []);

  useEffect(() => {
    if (!toast || held) return;
    const timer = window.setTimeout(close, lifetimeMs);
    return () => window.clearTimeout(timer);
  }, [toast, held, close]);

  const value = useMemo(() => show, [show]);
  return (
    <ToastContext.Provider value={value}>
      {children}
      <div
        role="status"
        aria-live="polite"
        className="pointer-events-none fixed bottom-20 left-4 z-50 max-w-[calc(100vw-32px)] md:bottom-4"
      >
        {toast ? (
          <div
            key={toast.id}
            onMouseEnter={() => setHeld(true)}
            onMouseLeave={() => setHeld(false)}
            onFocus={() => setHeld(true)}
            onBlur={() => setHeld(false)}
            className="pointer-events-auto flex animate-in items-center gap-3 rounded-md border border-border bg-overlay py-2 pr-2 pl-3.5 text-fg shadow-float fade-in-0 motion-reduce:animate-none"
          >
            <CircleCheck
              aria-hidden="true"
              strokeWidth={1.75}
              className="size-(--icon) shrink-0 text-success-text"
            />
            <span>{toast.text}</span>
            {toast.action ? (
              <button
                type="button"
                className="link min-h-(--target) px-1 font-medium"
                onClick={() => {
                  toast.action?.run();
                  close();
                }}
              >
                {toast.action.label}
              </button>
            ) : null}
            <button
              type="button"
              aria-label={closeLabel}
              onClick={close}
              className="grid size-(--target) place-items-center rounded-sm text-muted hover:bg-hover"
            >
              <X aria-hidden="true" strokeWidth={1.75} className="size-4" />
            </button>
          </div>
        ) : null}
      </div>
    </ToastContext.Provider>
  );
}
