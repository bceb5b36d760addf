/** Minor units of an amount as people write it, `200`, `200,50` or `1.000,00`; null when it is no amount. */
export function minorOf(text: string): number | null {
  const compact = text.replace(/\s/g, "");
  const match = /^(\d{1,3}(?:\.\d{3})+|\d{1,9})(?:[.,](\d{1,2}))?$/.exec(compact);
  if (!match) return null;
  const whole = Number((match[1] ?? "").replace(/\./g, ""));
  return whole * 100 + Number((match[2] ?? "").padEnd(2, "0"));
}

/** `200` or `200,50`, as it stands in a field; empty for none. */
export function amountText(minor: number | null): string {
  if (minor === null) return "";
  const rest = minor % 100;
  return rest === 0 ? String(minor / 100) : `${Math.floor(minor / 100)},${String(rest).padStart(2, "0")}`;
}
