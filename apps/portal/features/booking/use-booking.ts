"use client";

import { useRef, useState } from "react";
import { ApiError } from "@workspace/api-client/problem";
import type { ProblemLike } from "@workspace/i18n/error-text";
import { call, type Wanted } from "./client";
import { contactBody, contactFieldOf, type Contact, type ContactField } from "./contact";
import type { HoldState, LossReason } from "./hold-state";
import type { MadeBooking } from "./wire";

export type BookingOutcome =
  | { kind: "made"; booking: MadeBooking }
  | { kind: "lost"; reason: LossReason }
  /** The privacy notice has a newer version, which has to be shown first. */
  | { kind: "outdated"; problem: ProblemLike }
  | { kind: "refused"; fields: Partial<Record<ContactField, string>>; problem: ProblemLike | null };

function outcomeOf(error: ApiError): BookingOutcome {
  if (error.code === "slot_taken" || error.code === "slot_not_offered")
    return { kind: "lost", reason: "taken" };
  if (error.status === 410) return { kind: "lost", reason: "expired" };
  if (error.errors.some(({ location }) => location.endsWith("privacy_policy_version")))
    return { kind: "outdated", problem: { code: error.code, requestId: error.requestId } };
  const fields: Partial<Record<ContactField, string>> = {};
  for (const { location, message } of error.errors) {
    const field = contactFieldOf(location);
    if (field) fields[field] ??= message;
  }
  const placed = Object.keys(fields).length > 0;
  return {
    kind: "refused",
    fields,
    problem: placed
      ? null
      : { code: error.code, requestId: error.requestId, retryAfterSeconds: error.retryAfterSeconds },
  };
}

/** Sends the booking. The same form sent again, after a lost answer, is the same booking: it keeps its key. */
export function useBooking(locale: string, wanted: Wanted, noticeVersion: number) {
  const [pending, setPending] = useState(false);
  const sent = useRef({ body: "", key: "" });
  const book = async (state: HoldState, contact: Contact): Promise<BookingOutcome> => {
    const note = contact.note.trim();
    const body = {
      ...(state.kind === "held" ? { hold_token: state.hold.hold_token } : {}),
      ...(state.kind === "unheld"
        ? {
            slot: {
              service_id: wanted.serviceId,
              ...(wanted.specialistId ? { specialist_id: wanted.specialistId } : {}),
              start: state.start,
            },
          }
        : {}),
      contact: contactBody(contact, locale),
      ...(note === "" ? {} : { note }),
      privacy_policy_version: noticeVersion,
    };
    const text = JSON.stringify(body);
    if (sent.current.body !== text) sent.current = { body: text, key: crypto.randomUUID() };
    setPending(true);
    try {
      const booking = await call<MadeBooking>(locale, {
        method: "POST",
        path: "/v1/public/bookings",
        body,
        idempotencyKey: sent.current.key,
      });
      return { kind: "made", booking };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return outcomeOf(error);
    } finally {
      setPending(false);
    }
  };
  return { book, pending };
}
