import { isIP } from 'node:net';
import * as z from 'zod/mini';
import type { Immutable } from '../immutable.js';
import { loadSchema } from './load.js';
import { loadContradictions } from './loadContradictions.js';

/** Bytes of the file that realservers send downloads from (lab/node/server/serve.sh). */
const longestDownload = 2 ** 30;

const address = z.string().check(z.refine((text) => isIP(text) !== 0, 'expected an IPv4 or IPv6 address'));

const port = z.int().check(z.minimum(1), z.maximum(65_535));

/** One end of the service that a connection goes to. */
export const targetSchema = z.strictObject({ address, port });

export type Target = Immutable<z.infer<typeof targetSchema>>;

/** The order to drive one load of kernel sockets, as the client's load agent reads it. */
export const driveOrderSchema = z
  .strictObject({
    target: address,
    /** Ports of the service; connections use them in turn. */
    ports: z.array(port).check(z.minLength(1)),
    /** Where connections go, in turn, in place of the target's ports, where there are several addresses. */
    targets: z.optional(z.array(targetSchema).check(z.minLength(1))),
    /** Where connections come from; left out: from the address that the kernel picks for the target. */
    source: z.optional(address),
    /** Where connections come from, in turn, in place of the one source, where there are several. */
    sources: z.optional(z.array(address).check(z.minLength(1))),
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

/** Where the connections of a load go, in turn. */
export function targetsOf({ target, ports, targets }: Pick<DriveOrder, 'target' | 'ports' | 'targets'>) {
  return targets ?? ports.map((one): Target => ({ address: target, port: one }));
}

type Contradiction = readonly [path: readonly string[], message: string];

function contradictions({ target, source, load }: DriveOrder): readonly Contradiction[] {
  const found: (Contradiction | false)[] = [
    source !== undefined &&
      isIP(target) !== isIP(source) && [['source'], 'target and source are of two families'],
    load.download > longestDownload && [['load', 'download'], `expected at most ${longestDownload}`],
  ];
  return [
    ...found.filter((one) => one !== false),
    ...loadContradictions(load).map(({ path, message }) => [['load', ...path], message] as const),
  ];
}
