import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backoff, openLive, parseFrame, type LiveFrame } from "./live";

describe("frames", () => {
  it("carry the inner data of the envelope", () => {
    const text = JSON.stringify({ id: "01", type: "slot.held", data: { specialist_id: "s1" } });
    expect(parseFrame("slot.held", text)).toEqual({ type: "slot.held", data: { specialist_id: "s1" } });
    expect(parseFrame("resync", "{}")).toEqual({ type: "resync", data: null });
  });

  it("are dropped when they are no envelope", () => {
    expect([parseFrame("a", "nonsense"), parseFrame("a", "[]"), parseFrame("a", "3")]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe("waiting before another try", () => {
  it("doubles from one second to thirty, with jitter below", () => {
    expect([0, 1, 2, 3, 4, 5, 9].map((attempt) => backoff(attempt, 0))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    expect(backoff(3, 0.999)).toBeGreaterThanOrEqual(6_000);
    expect(backoff(0, 0.999)).toBe(1_000);
  });
});

class FakeSource {
  static readonly CLOSED = 2;
  static made: FakeSource[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  private readonly heard = new Map<string, (event: { data: string }) => void>();
  constructor(readonly url: string) {
    FakeSource.made.push(this);
  }
  addEventListener(type: string, listener: (event: { data: string }) => void) {
    this.heard.set(type, listener);
  }
  send(type: string, data: unknown) {
    this.heard.get(type)?.({ data: JSON.stringify({ data }) });
  }
  fail() {
    this.readyState = FakeSource.CLOSED;
    this.onerror?.();
  }
  close() {
    this.closed = true;
  }
}

describe("a stream without other tabs", () => {
  const frames: LiveFrame[] = [];
  const states: boolean[] = [];
  beforeEach(() => {
    vi.useFakeTimers();
    FakeSource.made = [];
    frames.length = 0;
    states.length = 0;
    vi.stubGlobal("EventSource", FakeSource);
    vi.stubGlobal("navigator", {});
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  const open = () =>
    openLive({
      url: "/s",
      types: ["slot.held"],
      onFrame: (frame) => frames.push(frame),
      onState: (state) => states.push(state),
    });

  it("hands frames on and asks for a resync after a refused connection came back", () => {
    const stop = open();
    FakeSource.made[0]?.onopen?.();
    FakeSource.made[0]?.send("slot.held", { specialist_id: "s1" });
    expect(frames).toEqual([{ type: "slot.held", data: { specialist_id: "s1" } }]);
    FakeSource.made[0]?.fail();
    vi.advanceTimersByTime(1_000);
    expect(FakeSource.made).toHaveLength(2);
    FakeSource.made[1]?.onopen?.();
    expect(frames.at(-1)).toEqual({ type: "resync", data: null });
    expect(states).toEqual([true, false, false, true]);
    stop();
    expect(FakeSource.made[1]?.closed).toBe(true);
  });

  it("opens again when the login behind the stream expired", () => {
    const stop = open();
    FakeSource.made[0]?.send("auth_expired", {});
    expect(FakeSource.made[0]?.closed).toBe(true);
    vi.advanceTimersByTime(1_000);
    expect(FakeSource.made).toHaveLength(2);
    stop();
  });

  it("stays silent after it was stopped", () => {
    const stop = open();
    FakeSource.made[0]?.fail();
    stop();
    vi.advanceTimersByTime(60_000);
    expect(FakeSource.made).toHaveLength(1);
  });
});
