/** The paragraphs of a published text, without its marks; no HTML is made of it. */
export function paragraphs(markdown: string): string[] {
  return markdown
    .split(/\r?\n\s*\r?\n/)
    .map((block) =>
      block
        .replace(/^\s*(?:#{1,6}|[-*+])\s+/gm, "")
        .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
        .replace(/\\([\\`*_{}[\]<>()#+!|~])/g, "$1")
        .replace(/\s+/g, " ")
        .trim(),
    )
    .filter((block) => block !== "");
}
