import { globSync } from "node:fs";
import path from "node:path";
import { root, type AppName } from "./stack";

export interface Route {
  app: AppName;
  /** As people type it, with the folders of groups taken out: `/organizations/[id]`. */
  path: string;
  /** Behind sign-in: inside the group of the app's own name. */
  inside: boolean;
}

/** Every page of an app, read from its folders, so that a new page cannot be forgotten. */
export function routesOf(app: AppName): Route[] {
  return globSync("**/page.tsx", { cwd: path.join(root, "apps", app, "app") })
    .map((file) => file.split(path.sep).slice(0, -1))
    .map((parts) => ({
      app,
      path: `/${parts.filter((part) => !/^\(.*\)$/.test(part)).join("/")}`,
      inside: parts.includes(`(${app})`),
    }))
    .sort((a, b) => a.path.localeCompare(b.path));
}

/** Fills the parts in brackets in. Throws for a part that has no value, so that a new one is thought of. */
export function filled(route: Route, values: Record<string, string>): string {
  return route.path.replace(/\[(?:\.\.\.)?(\w+)\]/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${route.app}${route.path}: give [${name}] a value`);
    return value;
  });
}
