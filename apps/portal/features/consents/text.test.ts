import { expect, test } from "vitest";
import { paragraphs } from "./text";

test("a text is cut into plain paragraphs", () => {
  expect(paragraphs("# Title\n\nOne\ntwo [link](https://x.test).\n\n- a\n\n\\*star\\*\n")).toEqual([
    "Title",
    "One two link.",
    "a",
    "*star*",
  ]);
});
