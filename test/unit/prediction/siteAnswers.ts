import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { predictedOutcomes } from '../../../src/prediction/model/predicted.js';
import type { VirtualService } from '../../../src/prediction/model/question.js';
import { type Prediction, predict } from '../../../src/prediction/predict.js';
import { readSite } from '../../../src/site/readSite.js';
import type { SourceFile } from '../../../src/site/model/sourceFile.js';
import { packageRoot } from '../../../src/support/packageRoot.js';

const folder = join(packageRoot, 'test/fixtures/sites');

const answerSchema = z.strictObject({
  /** How the right answer was found. */
  found: z.string().min(1),
  /** By which interface clients come in, where the files do not say it. */
  in: z.string().optional(),
  services: z.record(
    z.string(),
    z.strictObject({
      outcome: z.enum(predictedOutcomes),
      /** The lines that take packets of the service. */
      blame: z.array(z.string()),
      /** The lines that fail to accept them. */
      missed: z.array(z.string()),
    }),
  ),
});

/** A site with the right answer. */
export type SiteAnswer = z.infer<typeof answerSchema>;

/** The names of all sites. */
export const siteNames = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The files of a site, by their names. */
export function siteFiles(name: string): readonly SourceFile[] {
  return readdirSync(join(folder, name))
    .filter((file) => file !== 'answer.yaml')
    .map((file) => ({ name: file, text: readFileSync(join(folder, name, file), 'utf8'), isNamed: true }));
}

/** The right answer for a site. */
export function siteAnswer(name: string): SiteAnswer {
  return answerSchema.parse(parse(readFileSync(join(folder, name, 'answer.yaml'), 'utf8')));
}

/** The prediction for files. */
export function predicted(files: readonly SourceFile[], clientSide?: string): Prediction {
  const named = { services: [], forwarding: undefined, clientSide, serverSide: undefined, clients: [] };
  return predict(readSite(files), named);
}

/** How answers call a service: by address and port, and of UDP by its protocol. */
export function serviceName({
  family,
  vip,
  port,
  protocol,
}: Pick<VirtualService, 'family' | 'vip' | 'port' | 'protocol'>): string {
  const end = family === 'ipv6' ? `[${vip}]:${port}` : `${vip}:${port}`;
  return protocol === 'tcp' ? end : `${end}/${protocol}`;
}

/** A prediction in the form of an answer. */
export function answered({ services }: Prediction): SiteAnswer['services'] {
  return Object.fromEntries(
    services.map(({ service, outcome, packets }) => {
      const ended = packets.filter(({ fate, packet }) => fate !== 'passes' && packet !== 'ICMP too big');
      const places = (lines: readonly { readonly file: string; readonly line: number }[]) =>
        [...new Set(lines.map(({ file, line }) => `${file}:${line}`))].sort();
      return [
        serviceName(service),
        {
          outcome,
          blame: places(ended.flatMap(({ by }) => by.map(({ at }) => at))),
          missed: places(ended.flatMap(({ missed }) => missed)),
        },
      ];
    }),
  );
}
