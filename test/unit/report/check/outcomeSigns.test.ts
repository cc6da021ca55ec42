import { describe, expect, it } from 'vitest';
import { outcomeSigns } from '../../../../src/report/check/outcomeSigns.js';
import { predicted } from '../../prediction/siteAnswers.js';

const services = '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 1\n';
const behindNat = services.replace('-g', '-m');

function signsOf(rules: readonly string[], ipvsadm = services): string {
  const text = ['*filter', ':INPUT ACCEPT [0:0]', ':FORWARD ACCEPT [0:0]', ...rules, 'COMMIT', ''].join('\n');
  return signsIn(text, 'iptables.save', ipvsadm);
}

function signsIn(text: string, name: string, ipvsadm = services): string {
  const { services: found } = predicted([
    { name, text, isNamed: true },
    { name: 'ipvsadm.save', text: ipvsadm, isNamed: true },
  ]);
  const [one] = found;
  if (one === undefined) throw new Error('no service');
  return outcomeSigns(one.outcome, one.packets).join('\n');
}

const acceptNew = '-A INPUT -p tcp -m state --dport 80 --state NEW -j ACCEPT';
const blocked = (end: string) => signsOf([acceptNew, `-A INPUT -p tcp -j ${end}`]);

describe('what users and realservers show', () => {
  it.each(['DROP', 'REJECT', 'REJECT --reject-with icmp-host-prohibited'])(
    'with %s of FINs the client stays in LAST-ACK',
    (end) => {
      expect(blocked(end)).toContain('it stays in FIN-WAIT-2 and the client in LAST-ACK');
      expect(blocked(end)).not.toContain('reset');
    },
  );

  it('with a reset of FINs the client is gone, and the realserver stays', () => {
    const signs = blocked('REJECT --reject-with tcp-reset');
    expect(signs).toContain("it stays in FIN-WAIT-2; the client's socket ends by the reset");
    expect(signs).not.toContain('LAST-ACK');
  });

  it.each([
    ['reject with tcp reset comment "no more"', 'ends by the reset'],
    ['reject with icmp type host-prohibited', 'the client in LAST-ACK'],
    ['reject comment "with tcp reset"', 'the client in LAST-ACK'],
  ])('with `%s` of nft: %s', (end, sign) => {
    const text = [
      'table ip filter {',
      ' chain input {',
      '  type filter hook input priority 0; policy accept;',
      '  ct state new tcp dport 80 accept',
      `  meta l4proto tcp ${end}`,
      ' }',
      '}',
      '',
    ].join('\n');
    expect(signsIn(text, 'rules.nft')).toContain(sign);
  });

  it.each([
    ['DROP', 'SYN-SENT until they give up;'],
    ['REJECT', 'an error at once'],
    ['REJECT --reject-with tcp-reset', 'refused at once'],
  ])('a SYN that meets %s: %s', (end, sign) => {
    expect(signsOf([`-A INPUT -p tcp --dport 80 -j ${end}`])).toContain(sign);
  });

  it.each([
    ['DROP', 'sent again and again'],
    ['REJECT --reject-with tcp-reset', 'reset when they send their request'],
  ])('data that meets %s: %s', (end, sign) => {
    const rule = '-A INPUT -p tcp --dport 80 --tcp-flags SYN,PSH PSH';
    expect(signsOf([`${rule} -j ${end}`])).toContain(sign);
  });

  it('where RSTs alone are taken, nothing is said of FINs', () => {
    const signs = signsOf(['-A INPUT -p tcp --dport 80 --tcp-flags RST RST -j DROP']);
    expect(signs).toBe('where the client resets, its socket is gone and the realserver stays ESTAB');
  });

  it.each([
    ['DROP', 'it stays in FIN-WAIT-1 and the client ESTAB'],
    ['REJECT --reject-with tcp-reset', 'its socket ends by the reset that its FIN is answered with'],
  ])("a realserver's FIN that meets %s behind NAT: %s", (end, sign) => {
    const rule = '-A FORWARD -p tcp --sport 80 --tcp-flags FIN FIN';
    expect(signsOf([`${rule} -j ${end}`], behindNat)).toContain(sign);
  });
});
