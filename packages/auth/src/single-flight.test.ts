import { describe, expect, it } from "vitest";
import { SingleFlight } from "./single-flight";

describe("single flight", () => {
  it("rotates once for parallel and late users of the same token", async () => {
    let now = 0;
    let rotations = 0;
    const flight = new SingleFlight<number>(1000, () => now);
    const work = async () => (rotations += 1);
    const first = await Promise.all([flight.run("t", work), flight.run("t", work), flight.run("t", work)]);
    now = 1000;
    const late = await flight.run("t", work);
    expect([...first, late]).toEqual([1, 1, 1, 1]);
    now = 1001;
    expect(await flight.run("t", work)).toBe(2);
    expect(await flight.run("other", work)).toBe(3);
  });

  it("forgets a failure", async () => {
    const flight = new SingleFlight<string>(1000, () => 0);
    await expect(flight.run("t", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
    await expect(flight.run("t", async () => "up")).resolves.toBe("up");
  });
});
