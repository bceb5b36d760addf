import { existsSync } from "node:fs";

/** The browser of the system: CHROME_PATH, else the first known place that has one. Throws when there is none. */
export function chromiumPath(): string {
  const places = [
    process.env.CHROME_PATH,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ];
  const found = places.find((place) => place !== undefined && place !== "" && existsSync(place));
  if (!found) throw new Error("There is no Chromium: install it, or set CHROME_PATH to the program.");
  return found;
}
