import { contrast, formatHex, oklchToRgb, parseHex, rgbToOklch, type Oklch } from "@workspace/ui/lib/colour";
import type { Branding } from "@workspace/api-client/shapes";

const chromaLimit = 0.13;
const floor = 4.5;
/** Text on the main button, the light end of the ladder. */
const paper = oklchToRgb({ l: 0.99, c: 0, h: 0 });

/** CSS custom properties for `<html>`; empty when the clinic has no colours of its own. */
export type BrandVars = Record<`--${string}`, string>;

const round = (x: number) => String(Math.round(x * 1000) / 1000);

function distance(a: number, b: number): number {
  const d = Math.abs(a - b) % 360;
  return d > 180 ? 360 - d : d;
}

function hueAndChroma(hex: string | null | undefined): Oklch | null {
  const rgb = hex ? parseHex(hex) : null;
  if (!rgb) return null;
  const colour = rgbToOklch(rgb);
  return { ...colour, c: Math.min(colour.c, chromaLimit) };
}

/**
 * Reads hue and chroma from the clinic's two colours and throws lightness away; the ladder of the tokens sets lightness,
 * so every clinic passes 4.5:1. Two hues closer than 30 degrees make the accent neutral.
 */
export function brandVars(branding: Branding): BrandVars {
  const vars: BrandVars = {};
  const brand = hueAndChroma(branding.color_primary);
  const accent = hueAndChroma(branding.color_accent);
  if (brand) {
    vars["--brand-h"] = round(brand.h);
    vars["--brand-c"] = round(brand.c);
  }
  if (accent) {
    vars["--accent-h"] = round(accent.h);
    vars["--accent-c"] = round(accent.c);
  }
  const brandHue = brand?.h ?? 200;
  const accentHue = accent?.h ?? 52;
  if ((brand || accent) && distance(brandHue, accentHue) < 30) vars["--accent-c"] = "0.01";
  return vars;
}

/** The light ladder for a preview inside a page that shows another brand. */
export function brandPreview(hex: string): BrandVars {
  const colour = hueAndChroma(hex);
  if (!colour) return {};
  const step = (l: number, share: number) => `oklch(${l} ${round(colour.c * share)} ${round(colour.h)})`;
  return {
    "--brand": step(0.43, 1),
    "--brand-hover": step(0.38, 1),
    "--brand-fg": `oklch(0.99 0.004 ${round(colour.h)})`,
    "--brand-text": step(0.42, 1),
    "--brand-soft": step(0.95, 0.19),
    "--brand-line": step(0.85, 0.55),
    // The preview is drawn on light paper in both themes.
    "--surface": "oklch(1 0 0)",
    "--fg": "oklch(0.22 0.01 60)",
    "--border": "oklch(0.905 0.006 85)",
  };
}

export type ColourVerdict =
  | { ok: true; ratio: number }
  | { ok: false; reason: "format" }
  | { ok: false; reason: "contrast"; ratio: number; suggestion: string; suggestionRatio: number };

/**
 * Says whether text on a button of this colour can be read (4.5:1).
 * When it cannot, offers the nearest colour of the same hue that passes with a little to spare.
 */
export function judgeColour(hex: string): ColourVerdict {
  const rgb = parseHex(hex);
  if (!rgb) return { ok: false, reason: "format" };
  const ratio = contrast(rgb, paper);
  if (ratio >= floor) return { ok: true, ratio };
  const colour = rgbToOklch(rgb);
  for (let l = colour.l; l > 0; l -= 0.005) {
    const suggestion = formatHex(oklchToRgb({ l, c: colour.c, h: colour.h }));
    const parsed = parseHex(suggestion);
    const suggestionRatio = parsed ? contrast(parsed, paper) : 0;
    if (suggestionRatio >= floor + 0.1)
      return { ok: false, reason: "contrast", ratio, suggestion, suggestionRatio };
  }
  return { ok: false, reason: "contrast", ratio, suggestion: "#000000", suggestionRatio: 20 };
}
