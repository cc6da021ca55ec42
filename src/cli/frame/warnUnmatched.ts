import { relative } from 'node:path';
import { noPaint } from '../../report/text/colour.js';
import { unmatchedAtRunLines } from '../../report/phrases/unmatchedText.js';
import { isShipped } from '../../scenario/library/library.js';
import type { Scenario } from '../../scenario/model/scenario.js';
import type { Context } from './context.js';

/** Warns on stderr of names in scenarios' rules that their labs do not have, once per file, before any lab is made. */
export function warnUnmatched(scenarios: readonly Scenario[], { io, tell }: Context): void {
  const byFile = new Map(scenarios.map((scenario) => [scenario.file, scenario]));
  for (const { file, unmatched } of byFile.values()) {
    // Those of the library name such things on purpose, and nothing that counts.
    const worthSaying = isShipped(file) ? unmatched.filter(({ counts }) => counts) : unmatched;
    const lines = unmatchedAtRunLines(relative(io.cwd, file), worthSaying, noPaint);
    for (const line of lines) tell(`${line}\n`);
  }
}
