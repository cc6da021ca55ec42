import { describe, expect, it } from 'vitest';
import { resultDocument } from '../../../../src/report/document/resultDocument.js';
import { resultDocumentSchema } from '../../../../src/report/document/documentSchema.js';
import { LabError } from '../../../../src/support/errors.js';
import { failed, identity, passed, resultWith } from '../samples.js';
import { ended, engine, withFlows } from './samples.js';

/** As whoever reads the JSON gets it. */
const written = (run: Parameters<typeof resultDocument>[0]): unknown =>
  JSON.parse(JSON.stringify(resultDocument(run)));

describe('the result document', () => {
  it('carries version, engines, every job with its cell, and the exit code', () => {
    const error = new LabError('gone', { hint: 'try again' });
    const results = [
      {
        ...resultWith({ verdict: passed }),
        directory: '/runs/r/close-server-first',
        file: '/s.yaml',
        hash: 'ff',
        cell: { kernel: 'debian:sid', image: undefined, iptables: undefined },
      },
      { ...resultWith({ error }, { scenario: 'a/b', repeat: 2 }), directory: '/runs/r/k/a-b.2' },
    ];
    expect(
      written({
        version: '0.1.0',
        runId: 'k3v9q2xa',
        directory: '/runs/r',
        engines: [engine],
        results,
        exitCode: 2,
      }),
    ).toEqual({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      schema: 2,
      tool: { name: 'lvs-lab', version: '0.1.0' },
      runId: 'k3v9q2xa',
      directory: '/runs/r',
      engines: [JSON.parse(JSON.stringify(engine)) as unknown],
      mutated: false,
      scenarios: [
        {
          job: 'close/server-first',
          id: 'close/server-first',
          repeat: 1,
          cell: { kernel: 'debian:sid' },
          file: '/s.yaml',
          hash: 'ff',
          result: 'pass',
          exitCode: 0,
          verdict: JSON.parse(JSON.stringify(passed)) as unknown,
          directory: 'close-server-first',
          seconds: 41.26,
        },
        {
          job: 'a/b#2',
          id: 'a/b',
          repeat: 2,
          cell: {},
          result: 'broke',
          exitCode: 2,
          directory: 'k/a-b.2',
          seconds: 41.26,
          error: { name: 'LabError', message: 'gone', hint: 'try again' },
        },
      ],
      exitCode: 2,
    });
  });

  it('is as its schema says, for every kind of result', () => {
    const results = [...ended.results, { ...resultWith({ verdict: withFlows }), directory: '/runs/r/flows' }];
    const document = written({ ...ended, results });
    expect(resultDocumentSchema.strict().safeParse(document).error).toBeUndefined();
    const twin = { ...(document as object), exitCode: 'two' };
    expect(resultDocumentSchema.safeParse(twin).error?.issues).toMatchObject([{ path: ['exitCode'] }]);
  });

  it('says that scenarios were mutated and how the order came about', () => {
    const common = { version: '1', results: [resultWith({ verdict: failed })], exitCode: 1 } as const;
    expect(resultDocument({ ...common, mutated: true, seed: 'abc' })).toMatchObject({
      mutated: true,
      seed: 'abc',
      exitCode: 1,
      scenarios: [{ result: 'fail' }],
    });
    expect(resultDocument(common)).not.toHaveProperty('seed');
  });

  it('carries the numbers of flows', () => {
    const results = [resultWith({ verdict: withFlows })];
    expect(written({ version: '1', results, exitCode: 0 })).toMatchObject({
      scenarios: [{ verdict: { measured: { numbers: { flows: { opened: 40_000, unexplained: 12 } } } } }],
    });
  });

  it('carries the error that ended the run early, and an engine on which no lab was made', () => {
    const engines = [{ kernel: undefined, image: undefined, identity, provenance: undefined }];
    const document = written({
      version: '1',
      results: [],
      engines,
      exitCode: 130,
      error: new LabError('interrupted'),
    });
    expect(document).toMatchObject({
      engines: [{ identity: { kind: 'vm' } }],
      error: { name: 'LabError', message: 'interrupted' },
    });
    expect(document).not.toHaveProperty('engines.0.kernel');
  });
});
