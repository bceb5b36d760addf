import { readFileSync } from "node:fs";
import ts from "typescript";
import { sourceFiles } from "@workspace/i18n/source-files";

const guards = new Set(["requireSession", "requireLogin"]);
const calls = new Set(["coreWrite", "coreRead", "corePublic", "coreFetch", "fetch"]);

function isServerDirective(statement: ts.Statement | undefined): boolean {
  return (
    !!statement &&
    ts.isExpressionStatement(statement) &&
    ts.isStringLiteral(statement.expression) &&
    statement.expression.text === "use server"
  );
}

/** Positions of the first guard and of the first call to the API inside a function; -1 when there is none. */
function firstCalls(body: ts.Node): { guard: number; call: number } {
  const first = { guard: -1, call: -1 };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const name = node.expression.text;
      if (guards.has(name) && first.guard < 0) first.guard = node.getStart();
      if (calls.has(name) && first.call < 0) first.call = node.getStart();
    }
    ts.forEachChild(node, visit);
  };
  visit(body);
  return first;
}

function isExported(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)
  );
}

interface Action {
  name: string;
  body: ts.Node;
}

function actionsOf(source: ts.SourceFile): Action[] {
  const actions: Action[] = [];
  const wholeFile = isServerDirective(source.statements[0]);
  if (wholeFile) {
    for (const statement of source.statements) {
      if (ts.isFunctionDeclaration(statement) && isExported(statement))
        actions.push({ name: statement.name?.text ?? "default", body: statement });
      if (ts.isVariableStatement(statement) && isExported(statement)) {
        for (const declaration of statement.declarationList.declarations)
          actions.push({ name: declaration.name.getText(), body: declaration });
      }
      // Re-exports and `export default` hide what runs: they count as actions without a guard of their own.
      if (ts.isExportDeclaration(statement) || ts.isExportAssignment(statement))
        actions.push({ name: statement.getText().slice(0, 60), body: statement });
    }
  }
  const visit = (node: ts.Node): void => {
    if (
      (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isArrowFunction(node)) &&
      node.body &&
      ts.isBlock(node.body)
    ) {
      if (isServerDirective(node.body.statements[0]))
        actions.push({
          name: `inline at ${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`,
          body: node,
        });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return actions;
}

/** Server actions of one file that reach the API, or end, without having called the guard first. */
export function unguarded(file: string, text: string): { actions: number; offences: string[] } {
  const source = ts.createSourceFile(
    file,
    text,
    ts.ScriptTarget.Latest,
    true,
    file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const actions = actionsOf(source);
  const offences = actions.flatMap(({ name, body }) => {
    const { guard, call } = firstCalls(body);
    return guard < 0 || (call >= 0 && call < guard) ? [`${file}: ${name}`] : [];
  });
  return { actions: actions.length, offences };
}

/** Checks every source under the folders. */
export function unguardedUnder(folders: readonly string[]): { actions: number; offences: string[] } {
  const total = { actions: 0, offences: new Array<string>() };
  for (const file of sourceFiles(folders)) {
    const found = unguarded(file, readFileSync(file, "utf8"));
    total.actions += found.actions;
    total.offences.push(...found.offences);
  }
  return total;
}
