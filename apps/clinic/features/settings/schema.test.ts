import { describe, expect, it } from "vitest";
import { brandSchema, profileSchema, rulesSchema, type RulesInput } from "./schema";

const issue = (result: { success: boolean; error?: { issues: { message: string }[] } | undefined }) =>
  result.error?.issues[0]?.message ?? null;

const rules: RulesInput = {
  min_notice_min: 120,
  cancel_cutoff_h: 24,
  noshow_grace_min: 15,
  unconfirmed_deadline_min: 30,
  hold_ttl_s: 60,
  hold_max_s: 600,
  hold_quota: 2,
  video_open_before_min: 15,
  video_close_after_min: 30,
  low_rating_max: 2,
  adherence_low_pct: 50,
  adherence_reset_pct: 70,
  pain_high: 7,
  pain_rise: 2,
  licence_suspension: false,
  specialist_patient_lookup: false,
  recording_enabled: false,
  buffer_outside_hours: true,
  mfa_policy: "optional",
  link_delivery: "session",
  quiet_hours: "21:00-08:00",
  embed_origins: "",
};

describe("clinic settings", () => {
  it("refuse a main colour on which text cannot be read", () => {
    expect(issue(brandSchema.safeParse({ color_primary: "#4C8E94", color_accent: "" }))).toBe("contrast");
    expect(issue(brandSchema.safeParse({ color_primary: "teal", color_accent: "" }))).toBe("colour");
    expect(brandSchema.safeParse({ color_primary: "#2F6B70", color_accent: "#c05a30" }).success).toBe(true);
  });

  it("take the platform's defaults and refuse what is outside the range", () => {
    expect(rulesSchema.safeParse(rules).success).toBe(true);
    expect(issue(rulesSchema.safeParse({ ...rules, pain_high: 11 }))).toBe("number");
    expect(issue(rulesSchema.safeParse({ ...rules, hold_quota: 1.5 }))).toBe("number");
    expect(issue(rulesSchema.safeParse({ ...rules, quiet_hours: "21-8" }))).toBe("hours");
    expect(issue(rulesSchema.safeParse({ ...rules, embed_origins: "https://a.ro/page" }))).toBe("origins");
    expect(
      rulesSchema.safeParse({ ...rules, embed_origins: "https://a.ro\nhttps://b.ro:8443" }).success,
    ).toBe(true);
  });

  it("let optional facts stay empty", () => {
    const empty = {
      legal_name: "",
      tax_id: "",
      tagline: "",
      email: "",
      phone: "",
      website: "",
      address_line: "",
      locality: "",
      county: "",
      postal_code: "",
      language_code: "ro",
    };
    expect(profileSchema.safeParse({ ...empty, name: "Clinica Arin" }).success).toBe(true);
    expect(issue(profileSchema.safeParse({ ...empty, name: "" }))).toBe("required");
    expect(issue(profileSchema.safeParse({ ...empty, name: "A", website: "javascript:alert(1)" }))).toBe(
      "url",
    );
  });
});
