import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { read } from "./shape";
import { root } from "./stack";

export type Locale = "ro" | "en";
export const locales: readonly Locale[] = ["ro", "en"];

const catalogues = new Map<string, Record<string, unknown>>();

function catalogue(locale: Locale, app: string): Record<string, unknown> {
  const key = `${locale} ${app}`;
  const known = catalogues.get(key);
  if (known) return known;
  const files = [
    path.join(root, "packages/i18n/messages", `${locale}.json`),
    ...globSync(path.join(root, "apps", app, "**", `messages.${locale}.json`), {
      exclude: (name) => name === "node_modules" || name === ".next",
    }),
  ];
  const all = Object.assign({}, ...files.map((file) => read.record(JSON.parse(readFileSync(file, "utf8")))));
  catalogues.set(key, all);
  return all;
}

/**
 * The texts of an app as people read them: `t("auth.submit")`, with simple {values} filled in. A test that names the key and
 * not the sentence survives a better sentence. Throws for an unknown key.
 */
export function words(locale: Locale, app = "clinic") {
  return (key: string, values: Record<string, string> = {}): string => {
    const found = key
      .split(".")
      .reduce<unknown>((node, part) => read.record(node)[part], catalogue(locale, app));
    if (typeof found !== "string") throw new Error(`There is no text ${key} in ${app}/${locale}.`);
    return found.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  };
}
