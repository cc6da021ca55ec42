/** What one command of `collect.sh` printed, and its exit code. */
export interface Section {
  readonly exitCode: number;
  readonly output: string;
}

/** Splits a `.final` file into its sections by name. Text before the first header belongs to none. */
export function splitSections(text: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Section>();
  const parts = text.split(/^## ([\w-]+) exit=(\d+)\n?/m);
  for (let index = 1; index + 2 < parts.length; index += 3) {
    const [name = '', code, output = ''] = parts.slice(index, index + 3);
    sections.set(name, { exitCode: Number(code), output });
  }
  return sections;
}
