/** The list with one entry a place up or down; as it was when there is no place. */
export function moved<T>(list: readonly T[], index: number, step: 1 | -1): T[] {
  const target = index + step;
  const [entry, other] = [list[index], list[target]];
  if (entry === undefined || other === undefined) return [...list];
  return list.map((each, at) => (at === index ? other : at === target ? entry : each));
}
