import { describe, expect, it } from 'vitest';
import { readProfile, RefusedProfile } from '../../../../../lab/clients/raw/readProfile.js';
import { profile6Of, profileOf } from './profile.js';

const refusal = (line: string | undefined): string => {
  try {
    readProfile(line);
  } catch (error) {
    if (error instanceof RefusedProfile) return error.message;
    throw error;
  }
  return 'none';
};

describe('readProfile', () => {
  it.each([
    ['IPv4', profileOf()],
    ['IPv6', profile6Of()],
  ])('reads what the host writes for %s', (_, profile) => {
    expect(readProfile(JSON.stringify(profile))).toEqual(profile);
  });

  it('refuses an input that ends before there is one', () => {
    expect(refusal(undefined)).toContain('found its end');
  });

  it.each([
    ['go', 'JSON'],
    ['null', 'the whole'],
    ['7', 'the whole'],
    ['{}', 'flows: '],
    [JSON.stringify({ ...profileOf(), family: 'ipx' }), 'family: '],
    [
      JSON.stringify({ ...profileOf(), deadline: '60' }),
      'deadline: Invalid input: expected number, received string',
    ],
    [JSON.stringify({ ...profileOf(), gateways: undefined }), 'gateways: '],
    [JSON.stringify({ ...profileOf(), sources: ['198.18.7.20', 7] }), 'sources[1]: '],
    [JSON.stringify(profileOf({}, { rate: NaN })), 'flows.rate: '],
    [JSON.stringify(profileOf()).replace('"do":"open"', '"do":"shut"'), 'flows.mix[0].conversation.steps[0]'],
  ])('refuses %s, saying where', (line, where) => {
    expect(refusal(line)).toContain('the load profile was refused: ');
    expect(refusal(line)).toContain(where);
  });
});
