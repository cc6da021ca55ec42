import { describe, expect, it } from 'vitest';
import { listScenarios } from '../../../../src/scenario/library/library.js';
import { featuresOf, sampleOf } from '../../../integration/support/librarySample.js';

const library = await listScenarios();
const [first] = library;
if (first === undefined) throw new Error('the library is empty');

describe('sampleOf', () => {
  it('has all that the library has, in fewer scenarios', () => {
    const sample = sampleOf(library);
    const found = new Set(sample.flatMap((scenario) => [...featuresOf(scenario)]));
    expect(library.flatMap((scenario) => [...featuresOf(scenario)].filter((one) => !found.has(one)))).toEqual(
      [],
    );
    expect(sample.length).toBeLessThan(library.length / 2);
    expect(new Set(sample).size).toBe(sample.length);
  });

  it.each([
    ['a tag', { tags: ['nobody-else-has-it'] }],
    ['an outcome', { expect: { outcome: 'answers-differ' } }],
    ['a key of the load', { load: { ...first.load, unheardOf: 3 } }],
    ['an event', { events: [{ at: 7, node: 'director', action: { kind: 'unheard-of' } }] }],
    [
      'a sysctl',
      { roles: { ...first.roles, client: { ...first.roles.client, sysctls: { 'net.a.b': '1' } } } },
    ],
  ])('has the only scenario with %s', (_, changed) => {
    const own = { ...first, id: 'own/one', ...changed } as typeof first;
    expect(sampleOf([...library, own])).toContain(own);
  });

  it('has none of what others have already', () => {
    expect(sampleOf([first, { ...first, id: 'own/same' }])).toEqual([first]);
  });
});
