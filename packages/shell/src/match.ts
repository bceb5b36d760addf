/** Small letters without marks, so that "Sef" finds "Șef". */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The entries whose label holds every word of the question, in their own order; all of them for an empty question. */
export function matching<T extends { label: string }>(entries: readonly T[], question: string): T[] {
  const words = folded(question).split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    const label = folded(entry.label);
    return words.every((word) => label.includes(word));
  });
}
