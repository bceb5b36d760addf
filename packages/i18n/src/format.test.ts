import { createTranslator } from "use-intl/core";
import { describe, expect, it } from "vitest";
import {
  formatDate,
  formatDateTime,
  formatDay,
  formatDuration,
  formatMoney,
  formatPhone,
  formatRelative,
  formatTime,
  formatZone,
  phoneHref,
} from "./format";
import { chooseLocale, negotiate } from "./locales";

// Verifies APP-05
describe("formats", () => {
  const instant = "2026-10-25T08:00:00.000Z";

  it("write dates in the clinic's zone", () => {
    expect(formatDateTime(instant, "ro", "Europe/Bucharest")).toBe("25 oct. 2026, 10:00");
    expect(formatDateTime(instant, "en", "Europe/Bucharest")).toBe("25 Oct 2026, 10:00");
    expect(formatDate(instant, "ro", "Europe/Bucharest")).toBe("25 oct. 2026");
    expect(formatDateTime("2026-10-24T21:30:00Z", "ro", "Europe/Bucharest")).toBe("25 oct. 2026, 00:30");
  });

  it("write times and days", () => {
    expect(formatTime("2026-02-03T11:00:00Z", "ro", "Europe/Bucharest")).toBe("13:00");
    expect(formatTime("2026-02-03T22:05:00Z", "en", "Europe/Bucharest")).toBe("00:05");
    expect(formatDay("2026-02-03", "ro", "full")).toBe("Marți, 3 februarie 2026");
    expect(formatDay("2026-02-07", "ro", "long")).toBe("Sâmbătă, 7 februarie");
    expect(formatDay("2026-02-03", "ro", "monthYear")).toBe("Februarie 2026");
    expect(formatDay("2026-02-03", "ro", "plain")).toBe("3 februarie");
    expect(formatDay("2026-02-03", "en", "long")).toBe("Tuesday 3 February");
  });

  it("write durations and zones", () => {
    expect([20, 60, 65, 90].map(formatDuration)).toEqual(["20 min", "1 h", "1 h 05 min", "1 h 30 min"]);
    expect(formatZone("Europe/Bucharest", "ro")).toBe("București");
    expect(formatZone("America/New_York", "ro")).toBe("New York");
    expect(formatZone("Europe/Bucharest", "en")).toBe("Bucharest");
  });

  it("write phone numbers as people say them", () => {
    expect(formatPhone("+40722310450")).toBe("0722 310 450");
    expect(formatPhone("0213104500")).toBe("0213 104 500");
    expect(formatPhone("+447700900118")).toBe("+44 770 090 0118");
    expect(formatPhone("112")).toBe("112");
    expect(phoneHref("0722 310 450")).toBe("tel:0722310450");
    expect(phoneHref("+40 (722) 310")).toBe("tel:+40722310");
  });

  it("write money with its currency", () => {
    expect(formatMoney(20_000, "RON", "ro")).toBe("200,00 RON");
    expect(formatMoney(100_000, "RON", "ro")).toBe("1.000,00 RON");
    expect(formatMoney(20_050, "RON", "en")).toBe("200.50 RON");
  });

  it("write Romanian plurals: one, few, other", () => {
    const t = createTranslator({
      locale: "ro",
      messages: { sessions: "{count, plural, one {# ședință} few {# ședințe} other {# de ședințe}}" },
    });
    expect([1, 2, 19, 20, 101, 120].map((count) => t("sessions", { count }))).toEqual([
      "1 ședință",
      "2 ședințe",
      "19 ședințe",
      "20 de ședințe",
      "101 ședințe",
      "120 de ședințe",
    ]);
  });

  it("write distances in time", () => {
    const now = new Date(instant).getTime();
    expect(formatRelative("2026-10-25T07:58:00Z", "ro", now)).toBe("acum 2 minute");
    expect(formatRelative("2026-10-28T08:00:00Z", "en", now)).toBe("in 3 days");
    expect(formatRelative(instant, "en", now)).toBe("now");
  });
});

describe("language", () => {
  it("follows the person's choice, the profile, the clinic, the browser", () => {
    const acceptLanguage = "de, en;q=0.8, ro;q=0.9";
    expect(chooseLocale({ cookie: "en", user: "ro", clinic: "ro", acceptLanguage })).toBe("en");
    expect(chooseLocale({ cookie: "xx", user: "en", clinic: "ro", acceptLanguage })).toBe("en");
    expect(chooseLocale({ clinic: "en", acceptLanguage })).toBe("en");
    expect(chooseLocale({ acceptLanguage })).toBe("ro");
    expect(chooseLocale({ acceptLanguage: null })).toBe("ro");
  });

  it("reads Accept-Language", () => {
    expect(negotiate("en-GB,en;q=0.9,ro;q=0.8")).toBe("en");
    expect(negotiate("ro;q=0, en")).toBe("en");
    expect(negotiate("de")).toBeNull();
  });
});
