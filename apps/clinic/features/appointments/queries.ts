import "server-only";
import { load } from "@workspace/api-client/result";
import { coreRead } from "@workspace/auth/core";
import { addDays, instantOf } from "@workspace/i18n/zoned";
import type { CalendarData, Rules } from "./calendar-model";
import type { Appointment, CalendarSpecialist, Candidate, DateOverride, WeekHours } from "./wire";

const pageSize = 100;
/** A week of a large clinic; more is cut, the calendar says how many it shows. */
const mostPages = 20;

async function readAll<T>(path: string, query: Record<string, string>): Promise<T[]> {
  const first = await coreRead<T[]>({ path, query: { ...query, page: 1, page_size: pageSize } });
  const pages = Math.min(first.pagination?.total_pages ?? 1, mostPages);
  const rest = await Promise.all(
    Array.from({ length: pages - 1 }, (_, index) =>
      coreRead<T[]>({ path, query: { ...query, page: index + 2, page_size: pageSize } }),
    ),
  );
  return [...first.data, ...rest.flatMap(({ data }) => data)];
}

async function readRules(specialist: string, from: string, to: string): Promise<Rules> {
  const path = `/v1/specialists/${encodeURIComponent(specialist)}`;
  const [week, overrides] = await Promise.all([
    coreRead<WeekHours>({ path: `${path}/hours` }),
    coreRead<DateOverride[]>({ path: `${path}/date-overrides`, query: { from, to } }),
  ]);
  return { week: week.data, overrides: overrides.data };
}

export interface CalendarAnswer extends CalendarData {
  /** Everybody who may be chosen in the filter. */
  everybody: CalendarSpecialist[];
}

/**
 * Everything a calendar shows between two local days, both included. `own` narrows to the specialist who is this user; the API
 * answers such a person the own visits alone.
 */
export const readCalendar = (range: {
  from: string;
  to: string;
  zone: string;
  specialists: string[];
  own: string | null;
}) =>
  load(async (): Promise<CalendarAnswer> => {
    const { from, to, zone, own } = range;
    const [people, visits] = await Promise.all([
      readAll<CalendarSpecialist>("/v1/specialists", { scheduling_active: "true" }),
      readAll<Appointment>("/v1/appointments", {
        "start_at.gte": new Date(instantOf(from, 0, zone)).toISOString(),
        "start_at.lte": new Date(instantOf(addDays(to, 1), 0, zone) - 1).toISOString(),
      }),
    ]);
    const everybody = own === null ? people : people.filter((person) => person.user_id === own);
    const chosen = everybody.filter(({ id }) => range.specialists.includes(id));
    const specialists = chosen.length > 0 ? chosen : everybody;
    const rules = await Promise.all(
      specialists.map(async ({ id }): Promise<[string, Rules]> => [id, await readRules(id, from, to)]),
    );
    return { everybody, specialists, visits, rules: Object.fromEntries(rules) };
  });

/** Bookings of guests that nobody has taken over yet, the earliest visit first. */
export const readBooked = () =>
  load(async () => {
    const { data, pagination } = await coreRead<Appointment[]>({
      path: "/v1/appointments",
      query: { "status.in": "booked", sort: "start_at", page_size: pageSize },
    });
    return { visits: data, total: pagination?.total ?? data.length };
  });

export const readAppointment = (id: string) =>
  load(async () => {
    const { data } = await coreRead<Appointment>({ path: `/v1/appointments/${encodeURIComponent(id)}` });
    return data;
  });

export const readCandidates = (appointment: string) =>
  load(async () => {
    const { data } = await coreRead<Candidate[]>({
      path: "/v1/patients/duplicates",
      query: { appointment_id: appointment },
    });
    return data;
  });
