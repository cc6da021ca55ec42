import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readScenarioEvidence } from '../../../../src/evidence/directory/read.js';
import { ok, recorded } from '../fakeEngine.js';
import { run, runAll } from '../running.js';

const json = (...parts: string[]): unknown => JSON.parse(readFileSync(path.join(...parts), 'utf8'));

/** What `cold.sh look`, the last of a node's four steps, prints of the director, the first time and later. */
function directorKnows(...said: string[]) {
  let asked = 0;
  return {
    exec: ({ node, what }: { readonly node: string; readonly what: string }) => {
      if (node !== 'director' || what !== 'cold') return undefined;
      asked += 1;
      return Promise.resolve({ ...ok, stdout: asked % 4 === 0 ? (said[asked / 4 - 1] ?? '') : '' });
    },
  };
}

const template = 'ipvs TCP C6130A0A 0000 C6130A64 0050 C6130A1F 0050 ESTABLISHED 290';

describe('a cold start', () => {
  it('empties all nodes step by step, behind the control run and before any rule', async () => {
    const { calls, directory, result } = await run();
    const cold = calls.flatMap((call, index) => (call.endsWith(' cold') ? [{ call, index }] : []));
    const nodes = ['client', 'director', 'realserver1', 'realserver2'];
    // Each quarter is a step of every node.
    for (let step = 0; step < 4; step += 1) {
      const part = cold.slice(4 * step, 4 * step + 4).map(({ call }) => call.split(' ')[0]);
      expect(part.sort()).toEqual(nodes);
    }
    expect(cold).toHaveLength(16);
    expect(cold[0]?.index).toBeGreaterThan(calls.indexOf('client drive'));
    expect(cold[15]?.index).toBeLessThan(calls.indexOf('director rules'));
    // Nobody asks for anything from then on until the load does.
    expect(calls.slice(cold[0]?.index).filter((call) => call === 'client ready')).toEqual([]);
    expect(json(directory, 'measured', 'phase.json')).toMatchObject({ start: { is: 'cold', known: {} } });
    expect(json(directory, 'control', 'phase.json')).not.toHaveProperty('start');
    expect(result.verdict?.result).toBe('pass');
  });

  it('has a fresh lab for the measured run when something is left, and the control run keeps its evidence', async () => {
    const { calls, events, directory, result } = await run(directorKnows(template));
    expect(events.find(({ type }) => type === 'lab-replaced')).toMatchObject({
      why: `director: ${template}`,
    });
    const second = calls.lastIndexOf('lab created');
    expect(calls.slice(0, second)).toContain('lab removed');
    expect(calls.slice(0, second).filter((call) => call === 'client drive')).toHaveLength(1);
    // The new nodes are set up and not asked for anything before the rules are there.
    expect(calls.slice(second)).toContain('director setup');
    expect(calls.slice(second)).not.toContain('client ready');
    expect(calls.slice(second).filter((call) => call === 'client drive')).toHaveLength(1);
    expect(json(directory, 'measured', 'phase.json')).toMatchObject({ start: { is: 'cold', known: {} } });
    expect(json(directory, 'measured', 'nodes.json')).toEqual(json(recorded, 'nodes.json'));
    // They are evidence as all else: sealed, and read.
    const nodes = path.join(directory, 'measured', 'nodes.json');
    expect(readFileSync(path.join(directory, 'manifest.json'), 'utf8')).toContain('measured/nodes.json');
    expect(existsSync(path.join(directory, 'measured', 'plan.json'))).toBe(true);
    writeFileSync(nodes, readFileSync(nodes, 'utf8').replace('"role": "director"', '"role": "realserver"'));
    await expect(readScenarioEvidence(directory)).resolves.not.toMatchObject({ problems: [] });
    expect(result.verdict?.result).toBe('pass');
  });

  it('is inconclusive when the fresh lab is not cold either', async () => {
    const { directory, result } = await run(directorKnows(template, template));
    expect(json(directory, 'measured', 'phase.json')).toMatchObject({
      start: { is: 'cold', known: { director: [template] } },
    });
    expect(result.verdict).toMatchObject({
      result: 'inconclusive',
      reasons: [
        `director did not start cold: it still knew 1 thing of the time before, the first of them \`${template}\`.`,
      ],
    });
  });

  it('is left out where the scenario wants a warm one, whose control run is its own', async () => {
    const { calls, results, out, events } = await runAll({}, {}, (scenario) => [
      scenario,
      { ...scenario, id: 'close/warm', start: 'warm' },
      { ...scenario, id: 'close/again' },
    ]);
    expect(results.map(({ verdict }) => verdict?.result)).toEqual(['pass', 'pass', 'pass']);
    expect(json(out, 'close-warm', 'measured', 'phase.json')).toMatchObject({ start: { is: 'warm' } });
    expect(calls.filter((call) => call.endsWith(' cold'))).toHaveLength(32);
    expect(existsSync(path.join(out, 'close-warm', 'control', 'shared-with.json'))).toBe(false);
    expect(events.filter(({ type }) => type === 'control-shared')).toMatchObject([
      { scenario: 'close/again' },
    ]);
  });
});
