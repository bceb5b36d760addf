import { parityProblems, readCatalogue, textProblems, usageProblems, usesUnder } from "./check.ts";
import { featureCatalogues } from "./catalogue-files.ts";

/**
 * `node check-cli.ts <app folder>`: the gate before every build. Fails when a language lacks a key or a plural form, when a
 * message of the app is never used, and when one is used that does not exist.
 */
const app = process.argv[2] ?? ".";
const files = featureCatalogues(app);
const ro = readCatalogue(files.ro);
const en = readCatalogue(files.en);
const own = new Map([...en].filter(([key]) => !files.shared.has(key.split(".")[0] ?? "")));
const uses = usesUnder([app]);
const problems = [
  ...parityProblems(ro, en),
  ...textProblems("ro", ro),
  ...textProblems("en", en),
  ...usageProblems(
    own,
    uses.filter(({ key }) => own.has(key) || !files.shared.has(key.split(".")[0] ?? "")),
  ),
];
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
