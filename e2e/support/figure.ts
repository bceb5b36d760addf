/** Prints the one line of a figure. The caller asserts the same condition, so that the run fails with it. */
export function figure(id: string, value: number | string, passed: boolean): void {
  process.stdout.write(`\nFIGURE ${id} ${value} ${passed ? "pass" : "fail"}\n`);
}
