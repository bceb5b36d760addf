import { readFileSync } from "node:fs";
import ts from "typescript";
import { sourceFiles } from "./source-files.ts";

/** A catalogue flattened to "namespace.key" -> text. */
export type Catalogue = Map<string, string>;

export function flatten(value: unknown, prefix = ""): Catalogue {
  const flat: Catalogue = new Map();
  if (typeof value === "string") {
    flat.set(prefix, value);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      for (const [name, text] of flatten(child, prefix ? `${prefix}.${key}` : key)) flat.set(name, text);
    }
  }
  return flat;
}

/** Keys that only one of the two catalogues has, named with the side where they are missing. */
export function parityProblems(ro: Catalogue, en: Catalogue): string[] {
  const missing = (from: Catalogue, where: Catalogue, name: string) =>
    [...from.keys()].filter((key) => !where.has(key)).map((key) => `${key} is missing in ${name}`);
  return [...missing(en, ro, "ro"), ...missing(ro, en, "en")].sort();
}

const pluralForms: Record<string, readonly string[]> = { ro: ["one", "few", "other"], en: ["one", "other"] };

/** Plurals that lack a form the language needs or have one it does not know; wrong cedilla letters in Romanian. */
export function textProblems(locale: "ro" | "en", catalogue: Catalogue): string[] {
  const problems: string[] = [];
  for (const [key, text] of catalogue) {
    for (const match of text.matchAll(/\{\s*\w+\s*,\s*plural\s*,((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}/g)) {
      const forms = [...(match[1] ?? "").matchAll(/(=\d+|\w+)\s*\{/g)]
        .map((form) => form[1] ?? "")
        .filter((form) => !form.startsWith("="));
      const wanted = pluralForms[locale] ?? [];
      for (const form of wanted)
        if (!forms.includes(form)) problems.push(`${locale} ${key}: plural form "${form}" is missing`);
      for (const form of forms)
        if (!wanted.includes(form)) problems.push(`${locale} ${key}: plural form "${form}" is unknown`);
    }
    if (locale === "ro" && /[şţŞŢ]/.test(text)) problems.push(`ro ${key}: cedilla instead of comma below`);
  }
  return problems;
}

/** One use of a message: an exact key, or a prefix when the rest is computed. */
export interface Use {
  key: string;
  prefix: boolean;
  file: string;
}

const factories = new Set(["useTranslations", "getTranslations", "createTranslator"]);
const methods = new Set(["rich", "markup", "raw", "has"]);

function namespaceOf(call: ts.CallExpression): string | null {
  const [argument] = call.arguments;
  if (!argument) return "";
  if (ts.isStringLiteral(argument)) return argument.text;
  return null;
}

function unwrap(node: ts.Expression): ts.Expression {
  return ts.isAwaitExpression(node) || ts.isParenthesizedExpression(node) ? unwrap(node.expression) : node;
}

function translators(source: ts.SourceFile): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const add = (name: ts.BindingName, value: ts.Expression | undefined) => {
    if (!value) return;
    const call = unwrap(value);
    if (
      ts.isIdentifier(name) &&
      ts.isCallExpression(call) &&
      ts.isIdentifier(call.expression) &&
      factories.has(call.expression.text)
    ) {
      const namespace = namespaceOf(call);
      if (namespace !== null) found.set(name.text, (found.get(name.text) ?? new Set()).add(namespace));
    }
    // const [t, locale] = await Promise.all([getTranslations("x"), getLocale()])
    if (ts.isArrayBindingPattern(name) && ts.isCallExpression(call)) {
      const list = call.arguments[0];
      if (list && ts.isArrayLiteralExpression(list)) {
        name.elements.forEach((element, index) => {
          if (ts.isBindingElement(element)) add(element.name, list.elements[index]);
        });
      }
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node)) add(node.name, node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function keysOf(argument: ts.Expression): { key: string; prefix: boolean }[] {
  const node = unwrap(argument);
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
    return [{ key: node.text, prefix: false }];
  if (ts.isTemplateExpression(node)) return [{ key: node.head.text, prefix: true }];
  if (ts.isConditionalExpression(node)) return [...keysOf(node.whenTrue), ...keysOf(node.whenFalse)];
  return [{ key: "", prefix: true }];
}

/** Finds every message a source file uses, through the translators it makes. */
export function usesIn(file: string, text: string): Use[] {
  const source = ts.createSourceFile(
    file,
    text,
    ts.ScriptTarget.Latest,
    true,
    file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const known = translators(source);
  const uses: Use[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const callee = node.expression;
      const name = ts.isIdentifier(callee)
        ? callee.text
        : ts.isPropertyAccessExpression(callee) &&
            ts.isIdentifier(callee.expression) &&
            methods.has(callee.name.text)
          ? callee.expression.text
          : null;
      const namespaces = name === null ? undefined : known.get(name);
      const [argument] = node.arguments;
      if (namespaces && argument) {
        for (const namespace of namespaces) {
          for (const { key, prefix } of keysOf(argument))
            uses.push({ key: namespace ? `${namespace}.${key}` : key, prefix, file });
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return uses;
}

/** Messages nobody uses, and uses of messages that do not exist. */
export function usageProblems(catalogue: Catalogue, uses: readonly Use[]): string[] {
  const exact = new Set(uses.filter((use) => !use.prefix).map((use) => use.key));
  const prefixes = [...new Set(uses.filter((use) => use.prefix).map((use) => use.key))];
  const unused = [...catalogue.keys()].filter(
    (key) => !exact.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)),
  );
  const unknown = uses.filter((use) =>
    use.prefix ? ![...catalogue.keys()].some((key) => key.startsWith(use.key)) : !catalogue.has(use.key),
  );
  return [
    ...unused.map((key) => `${key} is never used`),
    ...unknown.map(({ key, file }) => `${key} is used in ${file} but does not exist`),
  ].sort();
}

/** Reads all TypeScript sources under the folders. */
export function usesUnder(folders: readonly string[]): Use[] {
  return sourceFiles(folders).flatMap((file) => usesIn(file, readFileSync(file, "utf8")));
}

export function readCatalogue(files: readonly string[]): Catalogue {
  const all: Catalogue = new Map();
  for (const file of files) {
    const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
    for (const [key, text] of flatten(parsed)) all.set(key, text);
  }
  return all;
}
