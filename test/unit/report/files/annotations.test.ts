import { describe, expect, it } from 'vitest';
import { escapeControls } from '../../../../src/report/text/controlCharacters.js';
import { annotationLines } from '../../../../src/report/files/annotations.js';
import { failed, passed, resultWith } from '../samples.js';
import { ended, hostile } from '../document/samples.js';

/** Undoes the escaping as the runner does. */
function parse(line: string) {
  const [, listed = '', message = ''] = /^::error ([^:]*)::(.*)$/.exec(line) ?? [];
  const unescape = (text: string) =>
    text
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%0A', '\n')
      .replaceAll('%0D', '\r')
      .replaceAll('%25', '%');
  const properties = Object.fromEntries(
    listed
      .split(',')
      .map((each) => [each.slice(0, each.indexOf('=')), unescape(each.slice(each.indexOf('=') + 1))]),
  );
  return { properties, message: unescape(message) };
}

describe('annotations on GitHub', () => {
  it('are one for each job that did not pass, and one for what ended the run early', () => {
    expect(annotationLines(ended, undefined).map((line) => parse(line).properties['title'])).toEqual([
      'lvs-lab: the run ended early',
      'FAIL: close/fixed (kernel debian:bookworm, image debian:trixie, iptables nft)',
      'INCONCLUSIVE: open/slow#2 (kernel debian:bookworm, image debian:trixie, iptables nft)',
      'BROKE: open/gone (kernel debian:bookworm, image debian:trixie, iptables nft)',
      'REFUSED: close/rules (kernel debian:bookworm, image debian:trixie, iptables legacy)',
    ]);
    expect(
      annotationLines({ ...ended, results: ended.results.slice(0, 1), error: undefined }, undefined),
    ).toEqual([]);
  });

  it('are each one line with the words whole, whatever a program printed', () => {
    const lines = annotationLines(ended, undefined);
    for (const line of lines) expect(line).not.toMatch(/[\r\n\u0000-\u0008\u001b]/);
    const { message } = parse(lines[1]!);
    expect(message).toContain(escapeControls(hostile.split('\u0007')[0]!));
    expect(message).toMatch(/^bug seen, expected healthy: expected healthy, saw .*\n/);
    expect(message).toMatch(/\nevidence: \/runs\/r\/close-fixed$/);
    // A percent sign that was there before must not be taken for an escape.
    expect(lines[1]).toContain('y%250A');
  });

  it('are at the scenario file where that is in the repository', () => {
    const result = { ...resultWith({ verdict: failed }), file: '/w/repo/rules/a,b:1.yaml' };
    const fileFor = (workspace: string | undefined) =>
      parse(annotationLines({ version: '1', results: [result], exitCode: 1 }, workspace)[0]!).properties[
        'file'
      ];
    expect(fileFor('/w/repo')).toBe('rules/a,b:1.yaml');
    expect(fileFor('/w/other')).toBeUndefined();
    expect(fileFor('/w/rep')).toBeUndefined();
    expect(fileFor(undefined)).toBeUndefined();
  });

  it('are ten at most, the last of which says how many more there are', () => {
    const results = (n: number) =>
      Array.from({ length: n }, (_, index) =>
        resultWith({ verdict: failed }, { scenario: `a/${String(index)}` }),
      );
    const of = (n: number) => annotationLines({ version: '1', results: results(n), exitCode: 1 }, undefined);
    expect(of(10)).toHaveLength(10);
    expect(of(10)[9]).toMatch(/FAIL%3A a\/9/);
    expect(of(12)).toHaveLength(10);
    expect(of(12)[9]).toMatch(/::3 more jobs did not pass/);
  });

  it('are cut where they are too long to be shown', () => {
    const verdict = { ...failed, reasons: ['x'.repeat(100_000)] };
    const [line = ''] = annotationLines(
      { version: '1', results: [resultWith({ verdict })], exitCode: 1 },
      undefined,
    );
    expect(line.length).toBeLessThan(5000);
    expect(line).toMatch(/x \.\.\.$/);
    expect(
      annotationLines({ version: '1', results: [resultWith({ verdict: passed })], exitCode: 0 }, undefined),
    ).toEqual([]);
  });
});
