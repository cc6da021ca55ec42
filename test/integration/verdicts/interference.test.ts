import { describe, expect, it } from 'vitest';
import { interfering } from '../support/meddle.js';
import { runOne, shipped, verdictOf } from '../support/run.js';
import { sharedEngine } from '../support/sharedEngine.js';

const dropping = (match: string): string =>
  [
    'add table bridge interference',
    'add chain bridge interference forward { type filter hook forward priority 0; }',
    `add rule bridge interference forward ${match} counter drop`,
  ].join('; ');

describe("a rule in the engine's own namespace that takes the lab's packets", () => {
  it.each([
    ['closing segments', 'tcp flags & fin == fin'],
    ['all segments', 'meta l4proto tcp'],
  ])('%s: the verdict is inconclusive, and says what interferes', async (_, match) => {
    const engine = interfering(await sharedEngine(), [dropping(match)]);
    const scenario = await shipped('close/server-first');
    const quick = { ...scenario, deadlines: { ...scenario.deadlines, ready: 10, drive: 5, settle: 10 } };
    const verdict = verdictOf((await runOne(engine, quick, { freshControl: true })).result);
    expect(verdict.result).toBe('inconclusive');
    const reasons = verdict.reasons.join('\n');
    expect(reasons).toMatch(/control/i);
    expect(reasons).toMatch(/table bridge interference has in chain forward/);
    expect(reasons).toContain('drop');
  });
});
