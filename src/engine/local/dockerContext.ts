import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LabError, messageOf } from '../../support/errors.js';
import { readRegularText } from '../../support/files/readRegular.js';
import { parseJson } from '../../support/parseJson.js';
import { certificateFiles } from '../port/dockerConnection.js';
import { reachOf, type DockerEndpoint } from './dockerEndpoint.js';

/** The largest file of the docker command's that is read, in bytes; a config with logins has a few thousand. */
const largestFile = 1 << 20;

const metaSchema = z.object({
  Endpoints: z.object({
    docker: z.object({ Host: z.string().optional(), SkipTLSVerify: z.boolean().optional() }).optional(),
  }),
});
const configSchema = z.object({ currentContext: z.string().optional() });

/** The name of the context that the docker command's config names; undefined: none, or there is no config. Rejects with LabError when it cannot be read. */
export async function currentContext(folder: string): Promise<string | undefined> {
  const file = path.join(folder, 'config.json');
  const text = await readRegularText(file, largestFile).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(file, error);
  });
  if (text === undefined) return undefined;
  try {
    return parseJson(configSchema, text).currentContext;
  } catch (error) {
    throw unreadable(file, error);
  }
}

/**
 * Where a context of the docker command's leads. `source` says who names it. Rejects with LabError when there is none of that name, or it
 * asks for what the lab cannot do; with UsageError when its address is none.
 */
export async function readContext(folder: string, name: string, source: string): Promise<DockerEndpoint> {
  // The docker command keeps a context's files under this name.
  const id = createHash('sha256').update(name).digest('hex');
  const file = path.join(folder, 'contexts', 'meta', id, 'meta.json');
  const text = await readRegularText(file, largestFile).catch((error: unknown) => {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!isMissing) throw unreadable(file, error);
    throw new LabError(`expected the Docker context \`${name}\`, which ${source} names; found no ${file}`, {
      hint: '`docker context ls` lists those that there are, `docker context use default` goes back to the usual engine',
      cause: error,
    });
  });
  let docker: z.infer<typeof metaSchema>['Endpoints']['docker'];
  try {
    docker = parseJson(metaSchema, text).Endpoints.docker;
  } catch (error) {
    throw unreadable(file, error);
  }
  const address = docker?.Host ?? '';
  if (address === '')
    throw new LabError(`the Docker context \`${name}\` names no host of an engine (${file})`);
  const certificates = path.join(folder, 'contexts', 'tls', id, 'docker');
  const isThere = (one: string): Promise<boolean> =>
    access(path.join(certificates, one)).then(
      () => true,
      () => false,
    );
  const there = await Promise.all(certificateFiles.map(isThere));
  const reach = reachOf(address, `the Docker context ${name}: ${address}`, {
    wanted: there.includes(true),
    certificates,
  });
  if (reach.kind === 'tls' && docker?.SkipTLSVerify === true)
    throw new LabError(`the Docker context \`${name}\` does not verify who its engine is (SkipTLSVerify)`, {
      hint: `make it anew with the engine's certificate: docker context update ${name} --docker host=${address},ca=FILE,cert=FILE,key=FILE`,
    });
  return { name: `${address} (context ${name})`, reach };
}

function unreadable(file: string, cause: unknown): LabError {
  return new LabError(`could not read ${file}, which says where the local engine is: ${messageOf(cause)}`, {
    hint: 'mend it, or set DOCKER_HOST, which comes before it',
    cause,
  });
}
