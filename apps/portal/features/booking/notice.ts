/** A published policy as the API answers it. */
export interface Policy {
  consent_type: string;
  version: number;
  language_code: string;
  title: string;
  markdown: string;
}

/** One piece of a policy's text, ready to draw. */
export interface NoticeBlock {
  kind: "heading" | "item" | "text";
  text: string;
}

export interface Notice {
  version: number;
  title: string;
  blocks: NoticeBlock[];
}

/** The text in pieces: headings, list items, paragraphs. Marks of emphasis and link addresses are left out; no HTML is made. */
export function noticeBlocks(markdown: string): NoticeBlock[] {
  const plain = (line: string) =>
    line
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replace(/(\*\*|__|\*|_|`)(\S(?:.*?\S)?)\1/g, "$2")
      .trim();
  const blocks: NoticeBlock[] = [];
  let open = false;
  for (const line of markdown.split(/\r?\n/)) {
    const heading = /^#{1,6}\s+(.*)$/.exec(line);
    const item = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/.exec(line);
    const text = plain(heading?.[1] ?? item?.[1] ?? line);
    if (text === "") open = false;
    else if (heading || item) {
      blocks.push({ kind: heading ? "heading" : "item", text });
      open = item !== null;
    } else {
      const last = blocks.at(-1);
      if (open && last) last.text += ` ${text}`;
      else blocks.push({ kind: "text", text });
      open = true;
    }
  }
  return blocks;
}

/** The newest notice in the visitor's language, else in any; null when the clinic published none. */
export function chooseNotice(policies: readonly Policy[], locale: string): Notice | null {
  const newest = [...policies].sort((a, b) => b.version - a.version);
  const chosen = newest.find(({ language_code: language }) => language === locale) ?? newest[0];
  return chosen
    ? { version: chosen.version, title: chosen.title, blocks: noticeBlocks(chosen.markdown) }
    : null;
}
