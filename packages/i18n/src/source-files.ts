import { readdirSync } from "node:fs";
import path from "node:path";

const skipped = new Set(["node_modules", ".next", ".turbo", "gen"]);

/** TypeScript sources under the folders, without tests, dependencies and build output. */
export function sourceFiles(folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) return skipped.has(entry.name) ? [] : sourceFiles([full]);
      return /\.tsx?$/.test(entry.name) && !entry.name.includes(".test.") ? [full] : [];
    }),
  );
}
