import path from "node:path";

/**
 * The import order of the workspace. A package may import only packages listed before it; apps may import all of them.
 * `ui` comes first and imports nothing of ours.
 */
export const packageOrder = ["ui", "i18n", "api-client", "org", "auth", "shell"];

/** Configuration that everybody may use. */
const tooling = ["eslint-config", "typescript-config"];

/** Says where a file stands: in an app (with its feature, if any) or in a package. */
export function place(file) {
  const parts = file.split(path.sep).join("/").split("/");
  const apps = parts.lastIndexOf("apps");
  const packages = parts.lastIndexOf("packages");
  if (apps > packages && apps >= 0) {
    const rest = parts.slice(apps + 2);
    return {
      kind: "app",
      name: parts[apps + 1],
      area: rest[0],
      feature: rest[0] === "features" ? rest[1] : undefined,
    };
  }
  if (packages >= 0) return { kind: "package", name: parts[packages + 1] };
  return { kind: "other" };
}

/** Resolves what an import points at, or null when it is not ours. */
export function target(specifier, file) {
  const workspace = /^@workspace\/([^/]+)/.exec(specifier);
  if (workspace) return { kind: "package", name: workspace[1] };
  if (specifier.startsWith("@/")) {
    const parts = file.split(path.sep).join("/").split("/");
    const apps = parts.lastIndexOf("apps");
    if (apps < 0) return null;
    return place(parts.slice(0, apps + 2).join("/") + "/" + specifier.slice(2));
  }
  if (specifier.startsWith(".")) return place(path.join(path.dirname(file), specifier));
  return null;
}

/** Returns why the import is forbidden, or null. */
export function offence(from, to) {
  if (from.kind === "package") {
    if (to.kind === "app") return "a package must not import an app";
    if (to.kind === "package" && to.name !== from.name && !tooling.includes(to.name)) {
      const own = packageOrder.indexOf(from.name);
      const other = packageOrder.indexOf(to.name);
      if (own < 0) return `package "${from.name}" has no place in the import order`;
      if (other < 0) return `package "${to.name}" has no place in the import order`;
      if (other > own) return `"${from.name}" stands before "${to.name}" and must not import it`;
      if (from.name === "ui") return "packages/ui imports nothing of ours";
    }
  }
  if (from.kind === "app" && to.kind === "app") {
    if (from.name !== to.name) return "apps never import each other";
    if (from.feature && to.area === "app") return "a feature must not import a route";
    if (from.feature && to.feature && from.feature !== to.feature)
      return "features never import each other; let the page compose them";
  }
  return null;
}

export const boundaries = {
  meta: { type: "problem", schema: [], messages: { boundary: "{{why}}" } },
  create(context) {
    const from = place(context.filename);
    const check = (node) => {
      if (!node.source || typeof node.source.value !== "string") return;
      const to = target(node.source.value, context.filename);
      const why = to && offence(from, to);
      if (why) context.report({ node: node.source, messageId: "boundary", data: { why } });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};
