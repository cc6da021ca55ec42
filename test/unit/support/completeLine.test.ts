import { expect, it } from 'vitest';
import { hasCompleteLine } from '../../../src/support/completeLine.js';

it.each([
  ['tcpdump: listening on eth0, link-type EN10MB (Ethernet), snapshot length 192 bytes\n', true],
  ['@@ pid 7\ntcpdump: listening on eth0, link-type EN10MB (Ethernet)', false],
  ['@@ pid 7\n', false],
  ['', false],
])('%j has the whole line: %j', (text, expected) => {
  expect(hasCompleteLine(text, 'listening on')).toBe(expected);
});
