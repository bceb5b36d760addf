"use client";

import { CalendarPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@workspace/ui/button";
import { calendarFile, type CalendarEntry } from "./ics";

/** Makes the calendar file in the browser; nothing is asked of a server. */
export function CalendarButton({ entry, fileName }: { entry: CalendarEntry; fileName: string }) {
  const t = useTranslations("booking");
  const save = () => {
    const blob = new Blob([calendarFile(entry, Date.now())], { type: "text/calendar;charset=utf-8" });
    const url = URL.createObjectURL(blob);
    const link = document.createElement("a");
    link.href = url;
    link.download = fileName;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Button onClick={save}>
      <CalendarPlus aria-hidden="true" />
      {t("add_to_calendar")}
    </Button>
  );
}
