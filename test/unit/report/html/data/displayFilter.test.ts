import { describe, expect, it } from 'vitest';
import { displayFilterOf } from '../../../../../src/report/html/data/displayFilter.js';

describe("Wireshark's filter for one connection", () => {
  it('names every end of the client that was seen, of both families', () => {
    expect(displayFilterOf(['198.18.0.2:40000', '[fd00::2]:80'])).toBe(
      '(ip.addr == 198.18.0.2 && tcp.port == 40000) || (ipv6.addr == fd00::2 && tcp.port == 80)',
    );
  });

  it('is none where there is no end to name', () => {
    expect(displayFilterOf(['nothing', ''])).toBeUndefined();
  });
});
