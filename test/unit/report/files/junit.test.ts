import { describe, expect, it } from 'vitest';
import { XMLParser } from 'fast-xml-parser';
import { SyntaxValidator } from 'fast-xml-validator';
import { junitText } from '../../../../src/report/files/junit.js';
import { ended, hostile } from '../document/samples.js';
import { blocked, blockedFate, failed, passed, resultWith } from '../samples.js';

interface Case {
  readonly '@name': string;
  readonly '@classname': string;
  readonly failure?: Problem;
  readonly 'system-out'?: string;
  readonly error?: Problem;
  readonly properties?: { readonly property: { readonly '@name': string; readonly '@value': string }[] };
}
interface Problem {
  readonly '@message': string;
  readonly '@type': string;
  readonly '#': string;
}
interface Suite extends Record<string, unknown> {
  readonly '@name': string;
  readonly testcase: Case | Case[];
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#',
  parseTagValue: false,
  trimValues: false,
});

/** What a reader of the XML gets; throws where it is not well-formed. */
function parsed(run: typeof ended) {
  expect(SyntaxValidator.validate(junitText(run))).toBe(true);
  const { testsuites } = parser.parse(junitText(run)) as {
    testsuites: Record<string, unknown> & { testsuite?: Suite | Suite[] };
  };
  const suites = [testsuites.testsuite ?? []].flat();
  return { testsuites, suites, cases: suites.flatMap(({ testcase }) => testcase) };
}

const caseNamed = (name: string, run = ended): Case => {
  const found = parsed(run).cases.find((each) => each['@name'] === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
};

describe('JUnit XML', () => {
  it('counts a failure for fail alone, and an error for all that says nothing about the scenario', () => {
    expect(parsed(ended).testsuites).toMatchObject({
      '@tests': '6',
      '@failures': '1',
      '@errors': '4',
      '@skipped': '0',
    });
    const passing = ended.results.slice(0, 1);
    expect(parsed({ ...ended, results: passing, error: undefined }).testsuites).toMatchObject({
      '@tests': '1',
      '@failures': '0',
      '@errors': '0',
    });
  });

  it('has a suite a cell, and the cell in the class of each case', () => {
    const { suites } = parsed(ended);
    const where = 'kernel debian:bookworm, image debian:trixie, iptables';
    expect(suites.map((suite) => suite['@name'])).toEqual([
      `${where} nft`,
      `${where} legacy`,
      'the run itself',
    ]);
    expect(caseNamed('close/server-first')['@classname']).toBe(`${where} nft.close`);
  });

  it('says what passed in properties, and nothing else', () => {
    const { failure, error, properties } = caseNamed('close/server-first');
    expect({ failure, error }).toEqual({ failure: undefined, error: undefined });
    const values = Object.fromEntries(properties!.property.map((each) => [each['@name'], each['@value']]));
    expect(values).toMatchObject({
      scenario: 'close/server-first',
      kernel: 'debian:bookworm',
      image: 'debian:trixie',
      iptables: 'nft',
      result: 'pass',
      standing: 'bug seen, as expected',
      evidence: 'close-server-first',
      'scenario-sha256': 'ff00',
    });
  });

  it('says why something failed and where the evidence is', () => {
    const { failure, error } = caseNamed('close/fixed');
    expect(error).toBeUndefined();
    expect(failure).toMatchObject({ '@type': 'close-blocked' });
    expect(failure?.['@message']).toMatch(
      /^bug seen, expected healthy: expected healthy, saw close-blocked with ICMP 3\/10/,
    );
    expect(failure?.['#']).toMatch(/\nevidence: close-fixed$/);
  });

  it('explains each different fate: in the failure, or beside what passed', () => {
    const measured = { ...blocked, connections: [blockedFate, blockedFate] };
    const line = `2 connections close-blocked: ${blockedFate.because}`;
    const caseOf = (verdict: typeof passed) =>
      caseNamed('close/server-first', {
        ...ended,
        results: [resultWith({ verdict: { ...verdict, measured } })],
      });
    expect(caseOf(passed)['system-out']).toContain(line);
    expect(caseOf(failed).failure?.['#']).toContain(`\n${line}\n`);
    expect(caseOf(failed)['system-out']).toBeUndefined();
  });

  it.each([
    ['open/slow#2', 'inconclusive', /control run was not healthy/],
    ['open/gone', 'broke', /hint: look/],
    ['close/rules', 'refused', /^error: rules\.yaml:3:5: no such match\n/],
  ])('has %s as an error: %s', (name, type, reason) => {
    const { failure, error } = caseNamed(name);
    expect(failure).toBeUndefined();
    expect(error?.['@type']).toBe(type);
    expect(error?.['#']).toMatch(reason);
    expect(error?.['@message']?.includes('lab broke')).toBe(type === 'broke');
  });

  it('has a case of its own for what ended the run early, even when nothing ran', () => {
    expect(caseNamed('came to its end', { ...ended, results: [] }).error?.['@message']).toMatch(
      /QEMU was killed/,
    );
    expect(parsed({ ...ended, error: undefined }).cases).toHaveLength(5);
  });

  it('stays well-formed and keeps the words, whatever a program printed', () => {
    const text = caseNamed('close/fixed').failure?.['#'] ?? '';
    expect(text).toContain('a ]]> b');
    expect(text).toContain('<b>&amp;</b> | `c` [l](u) &#0; &none;');
    expect(junitText(ended)).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800]/);
    // Twin: they were there.
    expect(hostile).toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800]/);
  });
});
