import { expect, test } from "vitest";
import { forgetTouch, isIdle, readTouch, writeTouch } from "./idle";

function memory() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

test("a touch is remembered with its sign-in", () => {
  const store = memory();
  expect(readTouch(store)).toBeNull();
  writeTouch(store, { login: "s1", at: 1000 });
  expect(readTouch(store)).toEqual({ login: "s1", at: 1000 });
  forgetTouch(store);
  expect(readTouch(store)).toBeNull();
});

test("what cannot be read is no touch", () => {
  for (const text of ["s1", "s1 x", " 5", "s1 -3"]) expect(readTouch({ getItem: () => text })).toBeNull();
  const refusing = {
    getItem: () => {
      throw new Error("denied");
    },
  };
  expect(readTouch(refusing)).toBeNull();
});

test("only the same sign-in, left alone for the whole time, is idle", () => {
  const touch = { login: "s1", at: 1000 };
  expect(isIdle(touch, "s1", 1899, 900)).toBe(false);
  expect(isIdle(touch, "s1", 1900, 900)).toBe(true);
  expect(isIdle(touch, "s2", 9999, 900)).toBe(false);
  expect(isIdle(null, "s1", 9999, 900)).toBe(false);
  expect(isIdle(touch, "s1", 10, 900)).toBe(false);
});
