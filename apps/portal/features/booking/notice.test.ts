import { describe, expect, it } from "vitest";
import { chooseNotice, noticeBlocks, type Policy } from "./notice";

describe("the text of a notice", () => {
  it("comes in headings, items and paragraphs without marks", () => {
    const text =
      "# Date\n\nPăstrăm **numele** și\ntelefonul.\n\n- numai pentru [programare](https://x.ro)\n- 3 ani\n";
    expect(noticeBlocks(text)).toEqual([
      { kind: "heading", text: "Date" },
      { kind: "text", text: "Păstrăm numele și telefonul." },
      { kind: "item", text: "numai pentru programare" },
      { kind: "item", text: "3 ani" },
    ]);
    expect(noticeBlocks("")).toEqual([]);
  });

  it("keeps what looks like a tag as text", () => {
    expect(noticeBlocks("<b>x</b>")).toEqual([{ kind: "text", text: "<b>x</b>" }]);
  });
});

describe("the notice of a visitor", () => {
  const policy = (version: number, language: string): Policy => ({
    consent_type: "privacy_notice",
    version,
    language_code: language,
    title: `${language}${version}`,
    markdown: "",
  });

  it("is the newest in the visitor's language, else in any", () => {
    expect(chooseNotice([policy(1, "ro"), policy(2, "ro"), policy(2, "en")], "en")?.title).toBe("en2");
    expect(chooseNotice([policy(1, "ro"), policy(3, "ro")], "en")?.version).toBe(3);
    expect(chooseNotice([], "ro")).toBeNull();
  });
});
