/** Colour arithmetic shared by the contrast tests and by the clinic brand rule. Channels are 0..1, hue is in degrees. */
export type Rgb = readonly [number, number, number];
export interface Oklch {
  readonly l: number;
  readonly c: number;
  readonly h: number;
}

const clamp = (x: number) => Math.min(1, Math.max(0, x));
const toLinear = (x: number) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
const toGamma = (x: number) => (x <= 0.0031308 ? x * 12.92 : 1.055 * x ** (1 / 2.4) - 0.055);

/** Reads `#rrggbb`; null when it is anything else. The result is gamma-encoded sRGB. */
export function parseHex(hex: string): Rgb | null {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (!match) return null;
  const [, r = "0", g = "0", b = "0"] = match;
  return [parseInt(r, 16) / 255, parseInt(g, 16) / 255, parseInt(b, 16) / 255];
}

/** Writes gamma-encoded sRGB as `#RRGGBB`, clipping what lies outside the gamut. */
export function formatHex(rgb: Rgb): string {
  const part = (x: number) =>
    Math.round(clamp(x) * 255)
      .toString(16)
      .padStart(2, "0");
  return `#${part(rgb[0])}${part(rgb[1])}${part(rgb[2])}`.toUpperCase();
}

/** Converts to linear light sRGB, clipped to the gamut as a screen does. */
export function oklchToLinear({ l, c, h }: Oklch): Rgb {
  const angle = (h * Math.PI) / 180;
  const a = c * Math.cos(angle);
  const b = c * Math.sin(angle);
  const l3 = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m3 = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s3 = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    clamp(4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3),
    clamp(-1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3),
    clamp(-0.0041960863 * l3 - 0.7034186147 * m3 + 1.707614701 * s3),
  ];
}

/** Converts gamma-encoded sRGB to OKLCH; the hue of a grey is 0. */
export function rgbToOklch(rgb: Rgb): Oklch {
  const [r, g, b] = [toLinear(rgb[0]), toLinear(rgb[1]), toLinear(rgb[2])];
  const l_ = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m_ = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s_ = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const l = 0.2104542553 * l_ + 0.793617785 * m_ - 0.0040720468 * s_;
  const A = 1.9779984951 * l_ - 2.428592205 * m_ + 0.4505937099 * s_;
  const B = 0.0259040371 * l_ + 0.7827717662 * m_ - 0.808675766 * s_;
  const c = Math.hypot(A, B);
  return { l, c, h: c < 0.0005 ? 0 : ((Math.atan2(B, A) * 180) / Math.PI + 360) % 360 };
}

/** Converts OKLCH to gamma-encoded sRGB. */
export function oklchToRgb(colour: Oklch): Rgb {
  const [r, g, b] = oklchToLinear(colour);
  return [toGamma(r), toGamma(g), toGamma(b)];
}

const luminance = (linear: Rgb) => 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];

/** WCAG contrast of two linear-light colours, 1..21. */
export function contrastLinear(a: Rgb, b: Rgb): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** WCAG contrast of two gamma-encoded colours, 1..21. */
export function contrast(a: Rgb, b: Rgb): number {
  const linear = (x: Rgb): Rgb => [toLinear(x[0]), toLinear(x[1]), toLinear(x[2])];
  return contrastLinear(linear(a), linear(b));
}
