/** First letters of the first and last word, upper case; an e-mail gives its first letter; empty gives "?". */
export function initials(name: string): string {
  const words = name.replace(/@.*$/, "").split(/\s+/).filter(Boolean);
  const first = words[0]?.[0];
  if (!first) return "?";
  const last = words.length > 1 ? words[words.length - 1]?.[0] : undefined;
  return `${first}${last ?? ""}`.toLocaleUpperCase("ro");
}

const generic = new Set(["clinica", "centrul", "cabinetul", "clinic", "the"]);

/** The letter of a clinic's mark: the first of its own name, so that "Clinica Arin" gives "A". */
export function markLetter(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const own = words.find((word) => !generic.has(word.toLowerCase())) ?? words[0];
  return (own?.[0] ?? "?").toLocaleUpperCase("ro");
}
