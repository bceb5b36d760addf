/** First letters of the first and last word, upper case; an e-mail gives its first letter; empty gives "?". */
export function initials(name: string): string {
  const words = name.replace(/@.*$/, "").split(/\s+/).filter(Boolean);
  const first = words[0]?.[0];
  if (!first) return "?";
  const last = words.length > 1 ? words[words.length - 1]?.[0] : undefined;
  return `${first}${last ?? ""}`.toLocaleUpperCase("ro");
}
