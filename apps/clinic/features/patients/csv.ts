const risky = /^[=+\-@\t\r]/;

/** One cell of a CSV file. A spreadsheet must not take a text for a formula. */
export function csvCell(value: string): string {
  const safe = risky.test(value) ? `'${value}` : value;
  return /[",;\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as a file that Excel opens with the right letters. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;
}
