export interface CalendarEntry {
  /** Stable name of the visit, the same in every file made of it. */
  uid: string;
  start: string;
  end: string;
  summary: string;
  description: string;
  location: string;
  url?: string | undefined;
  cancelled?: boolean | undefined;
}

const stamp = (instant: string | number) =>
  new Date(instant)
    .toISOString()
    .replace(/[-:]/g, "")
    .replace(/\.\d{3}/, "");

const escape = (text: string) =>
  text.replace(/\\/g, "\\\\").replace(/;/g, "\\;").replace(/,/g, "\\,").replace(/\r?\n/g, "\\n");

/** Lines longer than 75 octets continue on the next line after a space; a letter is never cut in two. */
function fold(line: string): string {
  const out: string[] = [];
  let current = "";
  let size = 0;
  for (const letter of line) {
    const octets = new TextEncoder().encode(letter).length;
    if (size + octets > 75) {
      out.push(current);
      current = " ";
      size = 1;
    }
    current += letter;
    size += octets;
  }
  return [...out, current].join("\r\n");
}

/** A calendar file with one entry. Times are in UTC, so that it needs no description of the zone; `now` is in milliseconds. */
export function calendarFile(entry: CalendarEntry, now: number): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//RestartiX//Portal//RO",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    "BEGIN:VEVENT",
    `UID:${entry.uid}`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(entry.start)}`,
    `DTEND:${stamp(entry.end)}`,
    `SUMMARY:${escape(entry.summary)}`,
    ...(entry.description ? [`DESCRIPTION:${escape(entry.description)}`] : []),
    ...(entry.location ? [`LOCATION:${escape(entry.location)}`] : []),
    ...(entry.url ? [`URL:${entry.url}`] : []),
    `STATUS:${entry.cancelled ? "CANCELLED" : "CONFIRMED"}`,
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return lines.map(fold).join("\r\n") + "\r\n";
}
