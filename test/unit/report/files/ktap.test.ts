import { describe, expect, it } from 'vitest';
import { ktapText } from '../../../../src/report/files/ktap.js';
import { blocked, blockedFate, failed, inconclusive, passed, resultWith } from '../samples.js';
import { ended } from '../document/samples.js';

interface Parsed {
  readonly path: string;
  readonly isOk: boolean;
  readonly directive: string | undefined;
}

/**
 * Reads KTAP as the specification has it: version line, plan, results with numbers that count up, subtests two spaces further in and before
 * their parent's result. Throws where something is otherwise. Only what is not a diagnostic counts.
 */
function parse(text: string): Parsed[] {
  const lines = text.split('\n').filter((line) => line !== '' && !/^ *#/.test(line));
  const found: Parsed[] = [];
  const block = (depth: number): Omit<Parsed, 'path'>[] => {
    const pad = '  '.repeat(depth);
    const next = (): string => lines.shift() ?? 'nothing';
    expect(next()).toBe(`${pad}KTAP version 1`);
    const planned = Number(new RegExp(`^${pad}1\\.\\.(\\d+)$`).exec(next())?.[1]);
    for (let number = 1; number <= planned; number += 1) {
      const first = found.length;
      const inner = lines[0]?.startsWith(`${pad}  KTAP`) === true ? block(depth + 1) : undefined;
      const [, not, at, name = '', directive] =
        new RegExp(`^${pad}(not )?ok (\\d+) ([^#]*?)(?: # (.*))?$`).exec(next()) ?? [];
      expect(Number(at)).toBe(number);
      const isOk = not === undefined;
      if (inner !== undefined) expect(isOk).toBe(inner.every((each) => each.isOk));
      for (let index = first; index < found.length; index += 1) {
        found[index] = { ...found[index]!, path: `${name} > ${found[index]!.path}` };
      }
      if (inner === undefined) found.push({ path: name, isOk, directive });
    }
    return found.slice(-planned || found.length);
  };
  block(0);
  expect(lines).toEqual([]);
  return found;
}

describe('KTAP', () => {
  it('has scenarios below their topic, and those below their cell', () => {
    const cell = 'kernel debian:bookworm, image debian:trixie, iptables';
    expect(parse(ktapText(ended))).toEqual([
      { path: `${cell} nft > close > server-first`, isOk: true, directive: undefined },
      { path: `${cell} nft > close > fixed`, isOk: false, directive: undefined },
      { path: `${cell} nft > open > slow run 2`, isOk: false, directive: 'ERROR inconclusive' },
      { path: `${cell} nft > open > gone`, isOk: false, directive: 'ERROR broke' },
      { path: `${cell} legacy > close > rules`, isOk: false, directive: 'ERROR refused' },
      { path: 'the run came to its end', isOk: false, directive: 'ERROR broke' },
    ]);
  });

  it('has no level for cells where nothing was asked for', () => {
    const results = [resultWith({ verdict: passed })];
    expect(ktapText({ version: '0.1.0', results, exitCode: 0 })).toBe(
      [
        'KTAP version 1',
        '# lvs-lab 0.1.0',
        '1..1',
        '  KTAP version 1',
        '  # Subtest: close',
        '  1..1',
        '  # bug seen, as expected: expected close-blocked with ICMP 3/10 (host-prohibited) from director, saw close-blocked with ICMP 3/10 (host-prohibited) from director',
        '  # 60 packets rejected or dropped on director by: -A INPUT -j REJECT --reject-with icmp-host-prohibited',
        '  ok 1 server-first',
        'ok 1 close',
        '',
      ].join('\n'),
    );
  });

  it('explains each different fate, of what passed and of what did not', () => {
    const measured = { ...blocked, connections: [blockedFate, blockedFate] };
    const line = `  # 2 connections close-blocked: ${blockedFate.because}\n`;
    for (const verdict of [passed, failed]) {
      const results = [resultWith({ verdict: { ...verdict, measured } })];
      expect(ktapText({ version: '1', results, exitCode: 0 })).toContain(line);
    }
  });

  it('never has an inconclusive verdict as ok or skipped, nor its parents as ok', () => {
    const results = [
      resultWith({ verdict: passed }),
      resultWith({ verdict: inconclusive }, { scenario: 'open/slow' }),
    ];
    const text = ktapText({ version: '1', results, exitCode: 3 });
    expect(text).toMatch(/^ {2}not ok 1 slow # ERROR inconclusive$/m);
    expect(text).toMatch(/^ok 1 close$/m);
    expect(text).toMatch(/^not ok 2 open$/m);
    expect(text).not.toMatch(/SKIP/);
  });

  it('says why on diagnostic lines, and no text of a program becomes a result', () => {
    const text = ktapText(ended);
    expect(text).toMatch(/^ {4}# ok 1 x # SKIP$/m);
    expect(text).not.toMatch(/^ *ok 1 x/m);
    expect(text).toMatch(/^ {4}# evidence: \/runs\/r\/close-fixed$/m);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it('has an empty plan where nothing ran', () => {
    expect(parse(ktapText({ version: '1', results: [], exitCode: 0 }))).toEqual([]);
  });
});
