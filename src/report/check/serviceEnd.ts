import type { VirtualService } from '../../prediction/model/question.js';

/** `192.0.2.1:80/tcp`. */
export function serviceEnd({ vip, port, protocol, family }: VirtualService): string {
  return `${family === 'ipv6' ? `[${vip}]` : vip}:${port}/${protocol}`;
}
