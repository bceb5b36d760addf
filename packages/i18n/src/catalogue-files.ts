import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const sharedFolder = fileURLToPath(new URL("../messages", import.meta.url));

export interface CatalogueFiles {
  ro: string[];
  en: string[];
  /** Namespaces of the shared catalogue; they are used by the packages and checked there. */
  shared: Set<string>;
}

/** The catalogues an app is made of: the shared one, that of its shell and one per feature. */
export function featureCatalogues(app: string): CatalogueFiles {
  const features = path.join(app, "features");
  const folders = [
    path.join(app, "shell"),
    ...(existsSync(features) ? readdirSync(features).map((name) => path.join(features, name)) : []),
  ];
  const files = (locale: string) =>
    folders.map((folder) => path.join(folder, `messages.${locale}.json`)).filter((file) => existsSync(file));
  const sharedFile = path.join(sharedFolder, "en.json");
  const shared: unknown = JSON.parse(readFileSync(sharedFile, "utf8"));
  return {
    ro: [path.join(sharedFolder, "ro.json"), ...files("ro")],
    en: [sharedFile, ...files("en")],
    shared: new Set(typeof shared === "object" && shared !== null ? Object.keys(shared) : []),
  };
}
