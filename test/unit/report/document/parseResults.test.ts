import { describe, expect, it } from 'vitest';
import { resultDocument } from '../../../../src/report/document/resultDocument.js';
import { parseResults } from '../../../../src/report/document/parseResults.js';
import { documentDigest } from '../../../../src/report/document/documentDigest.js';
import { exitCodeOf, resultOf } from '../../../../src/report/results/resultKind.js';
import { scenarioText } from '../../../../src/report/console/scenarioText.js';
import { noPaint } from '../../../../src/report/text/colour.js';
import { UsageError } from '../../../../src/support/errors.js';
import { ended } from './samples.js';

const document = () => JSON.parse(JSON.stringify(resultDocument(ended))) as Record<string, unknown>;
const read = (value: unknown) => parseResults(JSON.stringify(value), '/moved/results.json', '/moved');
/** As whoever wrote it would have sealed it. */
const sealed = (value: object) => ({ ...value, sha256: documentDigest(value) });

describe('recorded results', () => {
  it('are what they were, with their evidence where the file is now', () => {
    const { results, engines, directory } = read(document());
    expect(results.map(({ job }) => job)).toEqual(ended.results.map(({ job }) => job));
    expect(results[0]).toMatchObject({ directory: '/moved/close-server-first', hash: 'ff00' });
    expect(results[0]?.cell).toEqual(ended.results[0]?.cell);
    expect(engines).toEqual(ended.engines);
    expect(directory).toBe('/moved');
  });

  it('give the same document again', () => {
    const { results, engines } = read(document());
    const again = resultDocument({ ...ended, directory: '/moved', results, engines });
    expect(JSON.parse(JSON.stringify(again))).toEqual(sealed({ ...document(), directory: '/moved' }));
  });

  it('are reported in the same words as the run itself reported them', () => {
    const { results } = read(document());
    const texts = (all: typeof results) =>
      all.map((result) => scenarioText({ ...result, directory: 'd' }, noPaint));
    expect(texts(results)).toEqual(texts(ended.results));
  });

  it('keep the exit codes of what broke: rules that were refused are not a lab that broke', () => {
    const { results } = read(document());
    expect(results.map((result) => exitCodeOf([result]))).toEqual([0, 1, 3, 2, 5]);
    expect(results.map(resultOf)).toEqual(['pass', 'fail', 'inconclusive', 'broke', 'refused']);
  });

  it('keep what a later version has added', () => {
    const later = sealed({ ...document(), weather: 'fine' });
    expect(read(later).document).toMatchObject({ weather: 'fine' });
  });

  it('never pass without a verdict, whatever the file says', () => {
    const edited = document();
    const [first] = edited['scenarios'] as Record<string, unknown>[];
    delete first!['verdict'];
    expect(read(sealed(edited)).results[0]?.error?.message).toMatch(/lab broke/);
  });
});

describe('results that are not what was recorded', () => {
  const scenarios = (value: Record<string, unknown>) => value['scenarios'] as Record<string, unknown>[];
  const changes: [string, (value: Record<string, unknown>) => void][] = [
    [
      'a verdict',
      (value) => ((scenarios(value)[1]!['verdict'] as Record<string, unknown>)['result'] = 'pass'),
    ],
    ['a job that is gone', (value) => scenarios(value).pop()],
    ['a cell', (value) => (scenarios(value)[0]!['cell'] = { kernel: 'debian:sid' })],
    ['what it ran on', (value) => (value['engines'] = [])],
    ['a field that nobody knows', (value) => (value['weather'] = 'fine')],
    ['a seal of another', (value) => (value['sha256'] = 'ab'.repeat(32))],
  ];

  it.each(changes)('are refused: %s', (_, change) => {
    const edited = document();
    change(edited);
    const { sha256 } = edited;
    expect(() => read(edited)).toThrow(UsageError);
    expect(() => read(edited)).toThrow(
      `/moved/results.json: expected the results that were recorded, with the SHA-256 ${String(sha256)}`,
    );
    expect(() => read(sealed(edited))).not.toThrow();
  });

  it('are refused where nothing says what was recorded', () => {
    const { sha256: _, ...unsealed } = document();
    expect(() => read(unsealed)).toThrow(
      expect.objectContaining({ details: expect.stringMatching(/^sha256: there is none/) as unknown }),
    );
  });

  it('are the same with other blanks', () => {
    const text = JSON.stringify(document(), null, 7).replaceAll('\n', '\r\n');
    expect(parseResults(text, '/moved/results.json', '/moved')).toEqual(read(document()));
  });
});

describe('something else than recorded results', () => {
  const complaint = (text: string): UsageError => {
    try {
      parseResults(text, '/x/results.json', '/x');
    } catch (error) {
      if (error instanceof UsageError) return error;
    }
    throw new Error('expected a UsageError');
  };

  it('is named with what is wrong: no JSON', () => {
    expect(complaint('{"schema":').message).toBe('/x/results.json: expected JSON, found something else');
  });

  it.each(['null', '[]', '"text"', '{}'])('is named with what is wrong: %s', (text) => {
    expect(complaint(text).message).toMatch(/^\/x\/results\.json: expected results as `lvs-lab run --json`/);
  });

  it('is named with what is wrong: another schema version', () => {
    const { message, hint } = complaint(JSON.stringify({ ...document(), schema: 1 }));
    expect(message).toBe('/x/results.json: expected results of schema version 2, found version 1');
    expect(hint).toMatch(/run the scenarios again/);
  });

  it('is named with what is wrong: each field, up to a few', () => {
    const edited = document();
    const scenarios = edited['scenarios'] as Record<string, unknown>[];
    scenarios[1]!['result'] = 'splendid';
    for (const scenario of scenarios) scenario['seconds'] = 'long';
    const { details } = complaint(JSON.stringify(edited));
    expect(details).toMatch(/^scenarios\[0\]\.seconds: .*number/m);
    expect(details).toMatch(/^scenarios\[1\]\.result: .*"pass"/m);
    expect(details).toMatch(/^and 1 more$/m);
  });
});
