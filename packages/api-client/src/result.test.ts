import { describe, expect, it } from "vitest";
import { ApiError } from "./problem";
import { attempt, load, within } from "./result";

const problem = new ApiError({
  status: 422,
  code: "validation_error",
  requestId: "r",
  errors: [
    { location: "body.contact.phone", message: "first" },
    { location: "body.contact.phone", message: "second" },
    { location: "body", message: "whole" },
  ],
});

const refuse = async () => {
  throw problem;
};

describe("results", () => {
  it("map refused fields by their form name and keep the first sentence", async () => {
    await expect(attempt(refuse)).resolves.toMatchObject({
      ok: false,
      code: "validation_error",
      fields: { "contact.phone": "first" },
    });
  });

  it("name the fields of one object of the body", async () => {
    const nested = new ApiError({
      status: 422,
      code: "validation_error",
      errors: [{ location: "body.settings.pain_high", message: "m" }],
    });
    const result = await attempt(async () => {
      throw nested;
    });
    expect(within("settings.", result)).toMatchObject({ fields: { pain_high: "m" } });
  });

  it("carry only plain data of a refused read", async () => {
    await expect(load(refuse)).resolves.toEqual({
      ok: false,
      problem: { status: 422, code: "validation_error", requestId: "r" },
    });
  });

  it("let foreign errors through", async () => {
    const bug = async () => {
      throw new RangeError("bug");
    };
    await expect(load(bug)).rejects.toThrow(RangeError);
    await expect(attempt(bug)).rejects.toThrow(RangeError);
  });
});
