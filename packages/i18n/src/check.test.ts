import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { featureCatalogues } from "./catalogue-files";
import {
  flatten,
  parityProblems,
  readCatalogue,
  textProblems,
  usageProblems,
  usesIn,
  usesUnder,
} from "./check";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const apps = ["clinic", "portal", "console"].map((name) => path.join(root, "apps", name));

// Verifies APP-05
describe("shared catalogue", () => {
  const files = featureCatalogues(path.join(root, "packages"));
  const ro = readCatalogue(files.ro);
  const en = readCatalogue(files.en);

  it("is complete in both languages", () => {
    expect(parityProblems(ro, en)).toEqual([]);
    expect([...textProblems("ro", ro), ...textProblems("en", en)]).toEqual([]);
  });

  it("has no message that nobody uses and no use of a missing one", () => {
    // The proxy writes the pages of a host without a clinic itself, from the catalogue and without a translator.
    const direct = ["unknown_host_title", "unknown_host_text", "unavailable_title", "unavailable_text"].map(
      (name) => ({ key: `states.${name}`, prefix: false, file: "plain-page.ts" }),
    );
    const uses = [
      ...usesUnder([...apps, path.join(root, "packages")]).filter(({ key }) =>
        files.shared.has(key.split(".")[0] ?? ""),
      ),
      ...direct,
    ];
    expect(usageProblems(en, uses)).toEqual([]);
  });
});

describe("the check itself", () => {
  const catalogue = (value: unknown) => flatten(value);

  it("finds a key that was removed from one language", () => {
    expect(parityProblems(catalogue({ a: { b: "x" } }), catalogue({ a: { b: "x", c: "y" } }))).toEqual([
      "a.c is missing in ro",
    ]);
  });

  it("finds missing and unknown plural forms", () => {
    const one = catalogue({ n: "{count, plural, one {# ședință} other {# de ședințe}}" });
    expect(textProblems("ro", one)).toEqual(['ro n: plural form "few" is missing']);
    expect(textProblems("en", catalogue({ n: "{count, plural, one {a} few {b} other {c}}" }))).toEqual([
      'en n: plural form "few" is unknown',
    ]);
    expect(textProblems("ro", catalogue({ n: "şedinţă" }))).toHaveLength(1);
  });

  it("follows translators through the source", () => {
    const source = `
      const [t, l] = await Promise.all([getTranslations("a"), getLocale()]);
      const s = useTranslations("b");
      t("x"); t(ok ? "y" : "z"); s.rich("r", {}); s(\`c.\${code}\`);`;
    expect(usesIn("f.tsx", source).map(({ key, prefix }) => `${key}${prefix ? "*" : ""}`)).toEqual([
      "a.x",
      "a.y",
      "a.z",
      "b.r",
      "b.c.*",
    ]);
  });

  it("names unused and unknown messages", () => {
    const uses = usesIn("f.ts", `const t = useTranslations("a"); t("used"); t("ghost"); t(\`p.\${x}\`);`);
    expect(usageProblems(catalogue({ a: { used: "1", unused: "2", p: { q: "3" } } }), uses)).toEqual([
      "a.ghost is used in f.ts but does not exist",
      "a.unused is never used",
    ]);
  });
});
