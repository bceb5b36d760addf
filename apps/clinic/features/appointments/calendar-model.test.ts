import { describe, expect, it } from "vitest";
import {
  calendarHref,
  columnsOf,
  daysOf,
  openHours,
  readQuery,
  stepDate,
  type Rules,
} from "./calendar-model";
import { personOf, splitName, type Appointment, type CalendarSpecialist } from "./wire";

const zone = "Europe/Bucharest";
const rules: Rules = {
  week: { timezone: zone, hours: [{ weekday: 2, start: "10:00", end: "18:00" }] },
  overrides: [],
};
const person = (id: string): CalendarSpecialist => ({
  id,
  user_id: null,
  name: id,
  title: null,
  scheduling_timezone: zone,
  scheduling_active: true,
});
const visit = (id: string, specialist: string, start: string, minutes = 30): Appointment => ({
  id,
  reference: id,
  status: "booked",
  start,
  end: new Date(Date.parse(start) + minutes * 60_000).toISOString(),
  timezone: zone,
  specialist_id: specialist,
  specialist_name: specialist,
  service_id: null,
  service_name: null,
  patient_id: null,
  patient_name: null,
  contact: { name: "Lia Georgescu", phone: null, email: null },
  price_minor: null,
  currency: "RON",
  duration_min: minutes,
  modality: "in_person",
  note: null,
  source: "public",
  confirmed_at: null,
  confirmed_on_behalf: false,
  cancelled_at: null,
  cancel_initiator: null,
  cancel_reason: null,
  late: false,
  created_at: start,
  allowed: [],
  row_version: 1,
});

describe("the address of the calendar", () => {
  it("is read with its defaults and written without them", () => {
    expect(readQuery({}, "2026-02-03")).toEqual({
      view: "day",
      date: "2026-02-03",
      specialists: [],
      visit: null,
    });
    const query = readQuery(
      { view: "week", date: "2026-02-30", specialists: "a,,b", visit: "v" },
      "2026-02-03",
    );
    expect(query).toEqual({ view: "week", date: "2026-02-03", specialists: ["a", "b"], visit: "v" });
    expect(calendarHref(query, "2026-02-03")).toBe("/calendar?view=week&specialists=a%2Cb&visit=v");
    expect(calendarHref(readQuery({}, "2026-02-03"), "2026-02-03")).toBe("/calendar");
  });

  it("moves by a day or by a week, which starts on Monday", () => {
    expect(stepDate("day", "2026-03-01", -1)).toBe("2026-02-28");
    expect(stepDate("week", "2026-02-03", 1)).toBe("2026-02-10");
    expect(daysOf("week", "2026-02-08")[0]).toBe("2026-02-02");
    expect(daysOf("week", "2026-02-08")).toHaveLength(7);
  });
});

describe("working hours of a day", () => {
  it("come from the week", () => {
    expect(openHours(rules, "2026-02-03")).toEqual([{ start: 600, end: 1080 }]);
    expect(openHours(rules, "2026-02-04")).toEqual([]);
  });

  it("are replaced by an available override and cut by an unavailable one", () => {
    const shift = {
      id: "1",
      date: "2026-02-03",
      available: true,
      ranges: [{ start: "08:00", end: "12:00" }],
    };
    const lunch = {
      id: "2",
      date: "2026-02-03",
      available: false,
      ranges: [{ start: "09:00", end: "09:30" }],
    };
    expect(openHours({ ...rules, overrides: [shift, lunch] }, "2026-02-03")).toEqual([
      { start: 480, end: 540 },
      { start: 570, end: 720 },
    ]);
    const off = { id: "3", date: "2026-02-03", available: false, ranges: [] };
    expect(openHours({ ...rules, overrides: [off] }, "2026-02-03")).toEqual([]);
  });
});

describe("columns", () => {
  const data = {
    specialists: [person("a"), person("b")],
    visits: [
      visit("1", "a", "2026-02-03T11:00:00Z"),
      visit("2", "b", "2026-02-04T09:00:00Z"),
      visit("3", "hidden", "2026-02-03T11:00:00Z"),
      visit("4", "a", "2026-02-03T21:45:00Z", 60),
    ],
    rules: { a: rules },
  };

  it("stand for specialists in the day view", () => {
    const columns = columnsOf(data, "day", "2026-02-03", zone);
    expect(columns.map(({ key, events }) => [key, events.map(({ id }) => id)])).toEqual([
      ["a", ["1", "4"]],
      ["b", []],
    ]);
    expect(columns[0]?.events[0]).toMatchObject({ start: 780, end: 810 });
    expect(columns[0]?.open).toEqual([{ start: 600, end: 1080 }]);
  });

  it("stand for days in the week view and cut a visit at midnight", () => {
    const columns = columnsOf(data, "week", "2026-02-03", zone);
    expect(columns.map(({ events }) => events.map(({ id }) => id))).toEqual([
      [],
      ["1", "4"],
      ["4", "2"],
      [],
      [],
      [],
      [],
    ]);
    expect(columns[1]?.events[1]).toMatchObject({ start: 1425, end: 1440 });
    expect(columns[2]?.events[0]).toMatchObject({ start: 0, end: 45 });
  });
});

describe("names", () => {
  it("are the patient's, else the guest's", () => {
    expect(personOf(visit("1", "a", "2026-02-03T11:00:00Z"))).toBe("Lia Georgescu");
    expect(
      personOf({ ...visit("1", "a", "2026-02-03T11:00:00Z"), patient_name: "Lia-Ioana Georgescu" }),
    ).toBe("Lia-Ioana Georgescu");
  });

  it("are split at the last word", () => {
    expect(splitName("Ana Maria Pop")).toEqual({ first: "Ana Maria", last: "Pop" });
    expect(splitName(" Ana ")).toEqual({ first: "Ana", last: "" });
  });
});
