import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  contrast,
  contrastLinear,
  formatHex,
  oklchToLinear,
  oklchToRgb,
  parseHex,
  rgbToOklch,
  type Rgb,
} from "./colour";

const css = readFileSync(fileURLToPath(new URL("../styles/tokens.css", import.meta.url)), "utf8").replace(
  /\/\*[\s\S]*?\*\//g,
  "",
);

type Tokens = Record<string, string>;

function block(selector: string): Tokens {
  const start = css.indexOf(`${selector} {`);
  if (start < 0) throw new Error(`tokens.css has no block ${selector}`);
  const body = css.slice(start, css.indexOf("}", start));
  return Object.fromEntries(
    [...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((m) => [m[1] ?? "", (m[2] ?? "").trim()]),
  );
}

const light = block(":root");
const themes: Record<string, Tokens> = { light, dark: { ...light, ...block(".dark") } };

function value(name: string, tokens: Tokens): string {
  let text = tokens[name] ?? "";
  if (!text) throw new Error(`no token ${name}`);
  while (text.includes("var(")) {
    text = text.replace(/var\((--[\w-]+)\)/g, (_, inner: string) => tokens[inner] ?? "missing");
  }
  return text.replace(/calc\(([\d.]+) \* ([\d.]+)\)/g, (_, a: string, b: string) =>
    String(Number(a) * Number(b)),
  );
}

function colour(name: string, tokens: Tokens): Rgb {
  const match = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)/.exec(value(name, tokens));
  if (!match) throw new Error(`${name} is not an oklch colour`);
  return oklchToLinear({ l: Number(match[1]), c: Number(match[2]), h: Number(match[3]) });
}

const ratio = (a: string, b: string, tokens: Tokens) => contrastLinear(colour(a, tokens), colour(b, tokens));

const surfaces = ["--bg", "--surface", "--surface-sunken", "--surface-hover", "--surface-overlay"];
const pairs: [string, string, number][] = [];
for (const text of ["--fg", "--fg-muted", "--fg-subtle"])
  for (const ground of surfaces) pairs.push([text, ground, 4.5]);
pairs.push(
  ["--fg-muted", "--brand-soft", 4.5],
  ["--brand-fg", "--brand", 4.5],
  ["--brand-fg", "--brand-hover", 4.5],
  ["--brand-text", "--surface", 4.5],
  ["--brand-text", "--bg", 4.5],
  ["--brand-text", "--surface-sunken", 4.5],
  ["--brand-text", "--brand-soft", 4.5],
  ["--accent-text", "--surface", 4.5],
  ["--accent-text", "--accent-soft", 4.5],
  ["--surface", "--accent", 4.5],
  ["--border-strong", "--surface", 3],
  ["--border-strong", "--bg", 3],
  ["--focus", "--surface", 3],
  ["--focus", "--bg", 3],
);
for (const meaning of ["success", "warn", "danger", "info"]) {
  pairs.push(
    [`--${meaning}-fg`, `--${meaning}`, 4.5],
    [`--${meaning}-text`, `--${meaning}-soft`, 4.5],
    [`--${meaning}-text`, "--surface", 4.5],
    ["--fg", `--${meaning}-soft`, 4.5],
    ["--fg-muted", `--${meaning}-soft`, 4.5],
  );
}
for (const state of [
  "booked",
  "upcoming",
  "confirmed",
  "inprogress",
  "done",
  "cancelled",
  "noshow",
  "hold",
]) {
  pairs.push([`--st-${state}-fg`, `--st-${state}-bg`, 4.5]);
}
for (let step = 0; step <= 10; step++)
  pairs.push([step > 7 ? "--pain-fg-high" : "--pain-fg-low", `--pain-${step}`, 4.5]);
for (let step = 1; step <= 6; step++) pairs.push([`--chart-${step}`, "--surface", 3]);

/** Names every pair of a theme that falls under its floor. */
function failures(tokens: Tokens): string[] {
  return pairs
    .map(([a, b, floor]) => ({ a, b, floor, got: ratio(a, b, tokens) }))
    .filter(({ got, floor }) => got < floor)
    .map(({ a, b, floor, got }) => `${a} on ${b}: ${got.toFixed(2)} < ${floor}`);
}

describe.each(Object.entries(themes))("tokens in the %s theme", (_, tokens) => {
  it("reach 4.5:1 for text and 3:1 for edges", () => {
    expect(failures(tokens)).toEqual([]);
  });

  it("fail when a token is made too pale", () => {
    expect(
      failures({ ...tokens, "--fg-subtle": "oklch(0.62 0.01 70)", "--border-strong": "oklch(0.8 0 0)" }),
    ).not.toEqual([]);
  });

  it("keep pain steps in order of lightness", () => {
    const lightness = Array.from({ length: 11 }, (_step, n) =>
      Number(/oklch\(([\d.]+)/.exec(tokens[`--pain-${n}`] ?? "")?.[1]),
    );
    expect(lightness).toEqual([...lightness].sort((a, b) => b - a));
  });

  it("hold for a clinic of any hue and chroma", () => {
    const worst: string[] = [];
    for (let hue = 0; hue < 360; hue += 5) {
      for (const chroma of [0, 0.04, 0.08, 0.13]) {
        const brand = {
          "--brand-h": `${hue}`,
          "--brand-c": `${chroma}`,
          "--accent-h": `${hue}`,
          "--accent-c": `${chroma}`,
        };
        const branded = { ...tokens, ...brand };
        for (const [a, b] of [
          ["--brand-fg", "--brand"],
          ["--brand-text", "--surface"],
          ["--brand-text", "--brand-soft"],
          ["--accent-text", "--accent-soft"],
          ["--fg-muted", "--brand-soft"],
          ["--surface", "--accent"],
        ] as const) {
          const got = ratio(a, b, branded);
          if (got < 4.5) worst.push(`${a} on ${b} at hue ${hue}, chroma ${chroma}: ${got.toFixed(2)}`);
        }
      }
    }
    expect(worst).toEqual([]);
  });
});

describe("colour arithmetic", () => {
  it("agrees with WCAG on black and white and survives a round trip", () => {
    expect(contrast([0, 0, 0], [1, 1, 1])).toBeCloseTo(21, 5);
    const petrol = parseHex("#2F6B70");
    expect(petrol).not.toBeNull();
    if (petrol) expect(formatHex(oklchToRgb(rgbToOklch(petrol)))).toBe("#2F6B70");
    expect(parseHex("red")).toBeNull();
  });
});
