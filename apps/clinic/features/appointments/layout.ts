/** A stretch of one day in minutes from local midnight, half-open. */
export interface Stretch {
  start: number;
  end: number;
}

export interface Placed {
  /** Which of `lanes` side by side, from 0. */
  lane: number;
  lanes: number;
}

/**
 * Places stretches that overlap side by side. Those that touch do not overlap; a group that overlaps directly or through others
 * shares one width. The answer is in the order of the input.
 */
export function placeSideBySide(items: readonly Stretch[]): Placed[] {
  const order = items.map((_, index) => index).sort((a, b) => byTime(items[a], items[b]));
  const placed: Placed[] = items.map(() => ({ lane: 0, lanes: 1 }));
  let group: number[] = [];
  let ends: number[] = [];
  const close = () => {
    for (const index of group) placed[index] = { lane: placed[index]?.lane ?? 0, lanes: ends.length };
    group = [];
    ends = [];
  };
  for (const index of order) {
    const item = items[index];
    if (!item) continue;
    if (ends.length > 0 && ends.every((end) => end <= item.start)) close();
    const free = ends.findIndex((end) => end <= item.start);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = item.end;
    placed[index] = { lane, lanes: 1 };
    group.push(index);
  }
  close();
  return placed;
}

function byTime(a: Stretch | undefined, b: Stretch | undefined): number {
  if (!a || !b) return 0;
  return a.start - b.start || b.end - a.end;
}

/** What is left of a day when stretches are taken away: the hours without work. */
export function complement(open: readonly Stretch[], from: number, to: number): Stretch[] {
  const out: Stretch[] = [];
  let at = from;
  for (const { start, end } of [...open].sort((a, b) => a.start - b.start)) {
    if (start > at) out.push({ start: at, end: Math.min(start, to) });
    at = Math.max(at, end);
  }
  if (at < to) out.push({ start: at, end: to });
  return out.filter(({ start, end }) => end > start);
}

/** The part of the day to draw, in whole hours: everything that is open or used, at least `least`. */
export function dayFrame(stretches: readonly Stretch[], least: Stretch): Stretch {
  const start = Math.min(least.start, ...stretches.map((each) => each.start));
  const end = Math.max(least.end, ...stretches.map((each) => each.end));
  return { start: Math.floor(start / 60) * 60, end: Math.min(1440, Math.ceil(end / 60) * 60) };
}

/**
 * Where an arrow key goes from one visit: up and down inside its column, left and right to the nearest in time of the next column that
 * has any. Null when there is nothing that way.
 */
export function neighbour(
  columns: readonly (readonly (Stretch & { id: string })[])[],
  from: string,
  key: "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight",
): string | null {
  const column = columns.findIndex((list) => list.some(({ id }) => id === from));
  const list = columns[column];
  if (!list) return null;
  const row = list.findIndex(({ id }) => id === from);
  if (key === "ArrowUp") return list[row - 1]?.id ?? null;
  if (key === "ArrowDown") return list[row + 1]?.id ?? null;
  const step = key === "ArrowLeft" ? -1 : 1;
  const start = list[row]?.start ?? 0;
  for (let next = column + step; next >= 0 && next < columns.length; next += step) {
    const best = [...(columns[next] ?? [])].sort(
      (a, b) => Math.abs(a.start - start) - Math.abs(b.start - start),
    )[0];
    if (best) return best.id;
  }
  return null;
}
