import { isIP } from 'node:net';
import * as z from 'zod/mini';
import type { Immutable } from '../immutable.js';
import { loadSchema } from './load.js';

/** Bytes of the file that realservers send downloads from (lab/node/server/serve.sh). */
const longestDownload = 2 ** 30;

const address = z.string().check(z.refine((text) => isIP(text) !== 0, 'expected an IPv4 or IPv6 address'));

/** The order to drive one load of kernel sockets, as the client's load agent reads it. */
export const driveOrderSchema = z
  .strictObject({
    target: address,
    /** Ports of the service; connections use them in turn. */
    ports: z.array(z.int().check(z.minimum(1), z.maximum(65_535))).check(z.minLength(1)),
    source: address,
    load: loadSchema,
    /** Seconds that the load may take once its clients have started; starting may take the same time again. */
    timeout: z.number().check(z.gt(0)),
  })
  .check(
    z.superRefine((order, context) => {
      const refuse = (path: readonly string[], message: string): void => {
        context.addIssue({ code: 'custom', path: [...path], message });
      };
      for (const [path, message] of contradictions(order)) refuse(path, message);
    }),
  );

export type DriveOrder = Immutable<z.infer<typeof driveOrderSchema>>;

type Contradiction = readonly [path: readonly string[], message: string];

function contradictions({ target, source, load }: DriveOrder): readonly Contradiction[] {
  const { requests, upload, download, rate, idle, connect, reopen, close } = load;
  const lingers = rate > 0 || idle > 0 || close.after > 0;
  const found: (Contradiction | false)[] = [
    isIP(target) !== isIP(source) && [['source'], 'target and source are of two families'],
    download > longestDownload && [['load', 'download'], `expected at most ${longestDownload}`],
    close.first === 'server' &&
      close.how === 'half-close' && [['load', 'close', 'how'], 'a half-close is the client closing first'],
    close.first === 'client' &&
      close.after > 0 && [['load', 'close', 'after'], 'is for a client that follows the server'],
    upload > 0 && download > 0 && [['load', 'download'], 'upload and download do not go together'],
    connect === 'blocking' &&
      (requests > 1 || lingers || reopen) && [
        ['load', 'connect'],
        'blocking goes with one request only, and without rate, idle, after and reopen',
      ],
  ];
  return found.filter((one) => one !== false);
}
