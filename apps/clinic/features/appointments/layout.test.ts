import { describe, expect, it } from "vitest";
import { complement, dayFrame, neighbour, placeSideBySide } from "./layout";

const s = (start: number, end: number) => ({ start, end });

describe("visits at the same time", () => {
  it("stand alone when they only touch", () => {
    expect(placeSideBySide([s(600, 630), s(630, 660)])).toEqual([
      { lane: 0, lanes: 1 },
      { lane: 0, lanes: 1 },
    ]);
  });

  it("share the width when they overlap, in the order of their start", () => {
    expect(placeSideBySide([s(620, 650), s(600, 630)])).toEqual([
      { lane: 1, lanes: 2 },
      { lane: 0, lanes: 2 },
    ]);
  });

  it("use a lane again inside one group and keep one width for the whole group", () => {
    const placed = placeSideBySide([s(600, 700), s(610, 640), s(640, 690), s(680, 720), s(800, 830)]);
    expect(placed.map(({ lane }) => lane)).toEqual([0, 1, 1, 2, 0]);
    expect(placed.map(({ lanes }) => lanes)).toEqual([3, 3, 3, 3, 1]);
  });

  it("never put two that overlap into one lane", () => {
    const items = Array.from({ length: 60 }, (_, index) =>
      s((index * 37) % 500, ((index * 37) % 500) + 15 + (index % 5) * 20),
    );
    const placed = placeSideBySide(items);
    for (let a = 0; a < items.length; a += 1) {
      for (let b = a + 1; b < items.length; b += 1) {
        const [x, y] = [items[a], items[b]];
        if (x && y && x.start < y.end && y.start < x.end) expect(placed[a]?.lane).not.toBe(placed[b]?.lane);
      }
      expect(placed[a]?.lane).toBeLessThan(placed[a]?.lanes ?? 0);
    }
  });

  it("have no place when there are none", () => {
    expect(placeSideBySide([])).toEqual([]);
  });
});

describe("hours without work", () => {
  it("are what the working hours leave", () => {
    expect(complement([s(600, 720), s(780, 900)], 480, 1080)).toEqual([
      s(480, 600),
      s(720, 780),
      s(900, 1080),
    ]);
    expect(complement([], 480, 1080)).toEqual([s(480, 1080)]);
    expect(complement([s(0, 1440)], 480, 1080)).toEqual([]);
  });
});

describe("the drawn part of the day", () => {
  it("grows to whole hours around what is there", () => {
    expect(dayFrame([s(610, 630)], s(540, 1020))).toEqual(s(540, 1020));
    expect(dayFrame([s(435, 470), s(1150, 1210)], s(540, 1020))).toEqual(s(420, 1260));
    expect(dayFrame([s(1400, 1440)], s(540, 1020)).end).toBe(1440);
  });
});

describe("arrow keys", () => {
  const columns = [
    [
      { id: "a", ...s(600, 630) },
      { id: "b", ...s(780, 810) },
    ],
    [],
    [
      { id: "c", ...s(610, 640) },
      { id: "d", ...s(770, 800) },
    ],
  ];

  it("move inside a column and to the nearest in the next one that has visits", () => {
    expect(neighbour(columns, "a", "ArrowDown")).toBe("b");
    expect(neighbour(columns, "b", "ArrowUp")).toBe("a");
    expect(neighbour(columns, "b", "ArrowRight")).toBe("d");
    expect(neighbour(columns, "c", "ArrowLeft")).toBe("a");
  });

  it("stop at the edges", () => {
    expect(neighbour(columns, "a", "ArrowUp")).toBeNull();
    expect(neighbour(columns, "a", "ArrowLeft")).toBeNull();
    expect(neighbour(columns, "d", "ArrowRight")).toBeNull();
    expect(neighbour(columns, "x", "ArrowRight")).toBeNull();
  });
});
