import { describe, expect, it } from "vitest";
import { calendarFile } from "./ics";

const entry = {
  uid: "7K3M9Q2X@restartix",
  start: "2026-02-03T11:00:00Z",
  end: "2026-02-03T11:30:00Z",
  summary: "Evaluare de mobilitate, Clinica Arin",
  description: "Referință 7K3M9Q2X\nTelefon; 0722 310 450",
  location: "Str. Exemplu nr. 12, București",
};

describe("a calendar file", () => {
  const file = calendarFile(entry, Date.parse("2026-01-19T06:00:00Z"));

  it("holds one entry in UTC", () => {
    expect(file).toContain("DTSTART:20260203T110000Z\r\n");
    expect(file).toContain("DTEND:20260203T113000Z\r\n");
    expect(file).toContain("DTSTAMP:20260119T060000Z\r\n");
    expect(file).toContain("UID:7K3M9Q2X@restartix\r\n");
    expect(file.endsWith("END:VCALENDAR\r\n")).toBe(true);
  });

  it("escapes commas, semicolons and line ends", () => {
    expect(file).toContain("SUMMARY:Evaluare de mobilitate\\, Clinica Arin");
    expect(file).toContain("Referință 7K3M9Q2X\\nTelefon\\; 0722 310 450");
  });

  it("folds long lines at 75 octets without cutting a letter", () => {
    const long = calendarFile({ ...entry, description: "ședință ".repeat(40) }, 0);
    for (const line of long.split("\r\n"))
      expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    expect(long.replace(/\r\n /g, "")).toContain("ședință ".repeat(40).trim());
  });

  it("says when the visit is cancelled", () => {
    expect(calendarFile({ ...entry, cancelled: true }, 0)).toContain("STATUS:CANCELLED");
  });
});
