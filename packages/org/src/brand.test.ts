import { describe, expect, it } from "vitest";
import { brandPreview, brandVars, judgeColour } from "./brand";

// Verifies APP-09
describe("clinic colours", () => {
  it("refuse a colour under 4.5:1 and offer one that passes", () => {
    const verdict = judgeColour("#4C8E94");
    expect(verdict).toMatchObject({ ok: false, reason: "contrast" });
    if (verdict.ok || verdict.reason !== "contrast") return;
    expect(verdict.ratio).toBeLessThan(4.5);
    expect(verdict.suggestionRatio).toBeGreaterThanOrEqual(4.5);
    expect(judgeColour(verdict.suggestion)).toMatchObject({ ok: true });
  });

  it("offer a passing colour for every hue", () => {
    for (let red = 0; red <= 255; red += 51) {
      for (let green = 0; green <= 255; green += 51) {
        for (let blue = 0; blue <= 255; blue += 51) {
          const hex = `#${[red, green, blue].map((x) => x.toString(16).padStart(2, "0")).join("")}`;
          const verdict = judgeColour(hex);
          if (!verdict.ok && verdict.reason === "contrast")
            expect(judgeColour(verdict.suggestion)).toMatchObject({ ok: true });
        }
      }
    }
  });

  it("accept a dark colour and refuse what is no colour", () => {
    expect(judgeColour("#2F6B70")).toMatchObject({ ok: true });
    expect(judgeColour("petrol")).toEqual({ ok: false, reason: "format" });
  });

  it("become hue and clamped chroma only", () => {
    const vars = brandVars({ color_primary: "#FF0000", color_accent: "#0000FF" });
    expect(Number(vars["--brand-h"])).toBeCloseTo(29.2, 0);
    expect(vars["--brand-c"]).toBe("0.13");
    expect(Number(vars["--accent-h"])).toBeGreaterThan(250);
  });

  it("make the accent neutral when the hues are close", () => {
    expect(brandVars({ color_primary: "#B5462F", color_accent: "#C05A30" })["--accent-c"]).toBe("0.01");
  });

  it("write nothing for a clinic without colours", () => {
    expect(brandVars({ color_primary: null, color_accent: null })).toEqual({});
    expect(brandPreview("none")).toEqual({});
  });
});
