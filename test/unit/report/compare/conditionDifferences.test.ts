import { describe, expect, it } from 'vitest';
import { compareResults } from '../../../../src/report/compare/compareResults.js';
import { resultDocument, type RunReport } from '../../../../src/report/document/resultDocument.js';
import { parseResults } from '../../../../src/report/document/parseResults.js';
import type { Provenance } from '../../../../src/evidence/model/provenance.js';
import type { EngineRecord } from '../../../../src/run/model/engineRecord.js';
import { engine } from '../document/samples.js';
import { passed, resultWith } from '../samples.js';

const set = (more: Partial<RunReport>) => {
  const results = [{ ...resultWith({ verdict: passed }), directory: '/r/x', hash: 'ff' }];
  const ended: RunReport = {
    version: '0.1.0',
    directory: '/r',
    engines: [engine],
    results,
    exitCode: 0,
    ...more,
  };
  return parseResults(JSON.stringify(resultDocument(ended)), '/r/results.json', '/r');
};
const between = (a: Partial<RunReport>, b: Partial<RunReport>) => compareResults(set(a), set(b)).conditions;
const on = (parts: Partial<Provenance>, record: Partial<EngineRecord> = {}): Partial<RunReport> => ({
  engines: [{ ...engine, ...record, provenance: { ...engine.provenance!, ...parts } }],
});

describe('in what two sets ran on something else', () => {
  it('is nothing where they ran on the same', () => {
    expect(between({}, {})).toEqual([]);
  });

  it('is the kernel: release, build, configuration, and a module put in the place of its own', () => {
    const kernel = {
      ...engine.provenance!.kernel!,
      buildId: 'ef01',
      modules: { ip_vs: 'cc', nf_conntrack: 'bb' },
    };
    const identity = { ...engine.identity, kernel: '6.12.0' };
    expect(between({}, on({ kernel }, { identity, kernel: 'patched' }))).toEqual([
      { what: 'kernel release', a: '6.1.0-40-amd64', b: '6.12.0' },
      { what: 'kernel build id', a: 'abcd', b: 'ef01' },
      { what: 'build id of module ip_vs', a: 'aa', b: 'cc' },
    ]);
  });

  it('is packages, sysctls and images, told once for all roles that they differ in', () => {
    const director = engine.provenance!.roles['director']!;
    const roles = (version: string) => {
      const role = { ...director, packages: { iptables: version, ipvsadm: '1' }, sysctls: { x: version } };
      return { director: role, realserver: role };
    };
    expect(between(on({ roles: roles('1.8.9') }), on({ roles: roles('1.8.11') }))).toEqual([
      { what: 'package iptables of director, realserver', a: '1.8.9', b: '1.8.11' },
      { what: 'sysctl x of director, realserver', a: '1.8.9', b: '1.8.11' },
    ]);
    const gone = { director: { ...director, packages: { iptables: '1.8.11-2' } } };
    expect(between({}, on({ roles: gone }))).toEqual([
      { what: 'package ipvsadm of director', a: '1:1.31-3', b: undefined },
    ]);
  });

  it('is the version of the tool, and the scenario file', () => {
    const results = [{ ...resultWith({ verdict: passed }), directory: '/r/x', hash: '00' }];
    expect(between({}, { version: '0.2.0', results })).toEqual([
      { what: 'version of lvs-lab', a: '0.1.0', b: '0.2.0' },
      { what: 'file of close/server-first', a: 'ff', b: '00' },
    ]);
  });

  it('is nothing where one of them does not know', () => {
    expect(between({}, { engines: [{ ...engine, provenance: undefined }] })).toEqual([]);
    expect(between({}, { engines: [] })).toEqual([]);
  });

  it('is told of each engine where there are several', () => {
    const named = (kernel: string, release: string): EngineRecord => ({
      ...engine,
      kernel,
      identity: { ...engine.identity, kernel: release },
    });
    expect(
      between(
        { engines: [named('a', '1'), named('b', '2')] },
        { engines: [named('b', '3'), named('a', '1')] },
      ),
    ).toEqual([{ what: 'kernel release (b, debian:trixie)', a: '2', b: '3' }]);
  });
});
