import { describe, expect, it } from 'vitest';
import { provenanceText } from '../../../../src/report/listings/provenanceText.js';
import { engine } from '../document/samples.js';

describe('what a run ran on', () => {
  it('is told in a line for the engine, one for the kernel and one a role', () => {
    expect(provenanceText(engine)).toBe(
      [
        '  vm engine under tcg, Docker 20.10.24, kernel 6.1.0-40-amd64 (this kernel has no IPVS)',
        '  kernel #1 SMP Debian 6.1.153-1, build id abcd, configuration 0123456789ab (/boot/config-6.1.0-40-amd64)',
        '  director: Debian GNU/Linux 13 (trixie), iptables v1.8.11 (nf_tables), ipvsadm 1:1.31-3, image 112233445566',
        '',
      ].join('\n'),
    );
  });

  it('says what is not known, and why', () => {
    const { provenance } = engine;
    const kernel = { release: '6.1', version: '#1', modules: {} };
    const text = provenanceText({
      ...engine,
      provenance: { ...provenance!, kernel, roles: {}, problems: ['director: gone'] },
    });
    expect(text).toMatch(/^ {2}kernel #1, build id not known, configuration not known$/m);
    expect(text).toMatch(/^ {2}not found out: director: gone$/m);
    expect(provenanceText({ ...engine, provenance: undefined }).split('\n')).toHaveLength(2);
  });
});
