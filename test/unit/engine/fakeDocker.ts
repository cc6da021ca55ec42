import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { tempFolder } from './tempFolder.js';

interface Labelled {
  readonly Id: string;
  readonly Labels: Readonly<Record<string, string>>;
}

interface Contents {
  readonly containers?: readonly (Labelled & { readonly Names: readonly string[] })[];
  /** With what else an inspection tells of them. */
  readonly networks?: readonly (Labelled & { readonly Name: string } & Readonly<Record<string, unknown>>)[];
  /** Path -> the status to answer with, instead of doing what is asked. */
  readonly refusals?: Readonly<Record<string, number>>;
  /** Path -> what is called when it is asked for, and what its answer waits for. */
  readonly held?: Readonly<Record<string, () => Promise<void>>>;
  readonly info?: Readonly<Record<string, unknown>>;
}

/** As much of a Docker engine's API as lists and removes by label, on a Unix socket; the client that talks to it is the real one. */
export async function fakeDocker(contents: Contents = {}) {
  const socketPath = path.join(tempFolder(), 'docker.sock');
  const asked: string[] = [];
  const removed: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '', 'http://docker');
    asked.push(`${request.method ?? ''} ${decodeURIComponent(request.url ?? '')}`);
    const reply = (status: number, body?: unknown): void => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(body === undefined ? '' : JSON.stringify(body));
    };
    const network = contents.networks?.find(({ Name: name }) => url.pathname === `/networks/${name}`);
    const refusal = contents.refusals?.[url.pathname];
    if (refusal !== undefined) reply(refusal, { message: `refused with ${refusal}` });
    else if (request.method === 'DELETE') {
      removed.push(url.pathname);
      reply(204);
    } else if (url.pathname === '/containers/json') reply(200, selected(contents.containers ?? [], url));
    else if (url.pathname === '/networks') reply(200, selected(contents.networks ?? [], url));
    else if (network !== undefined) reply(200, network);
    else if (url.pathname === '/info') reply(200, contents.info ?? {});
    else reply(404, { message: 'page not found' });
  };
  const server = createServer((request, response) => {
    const held = contents.held?.[(request.url ?? '').replace(/\?.*/, '')];
    if (held === undefined) answer(request, response);
    else
      void held().then(() => {
        answer(request, response);
      });
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  /** Ends it with all of its connections, as a machine ends. */
  const end = (): void => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(end);
  return { socketPath, asked, removed, end };
}

/** Docker's own rule: an object must match every label filter, `key` or `key=value`. */
function selected<T extends Labelled>(objects: readonly T[], url: URL): readonly T[] {
  const { label = [] } = JSON.parse(url.searchParams.get('filters') ?? '{}') as { label?: string[] };
  return objects.filter(({ Labels: labels }) =>
    label.every((filter) => {
      const [key, value] = filter.split('=') as [string, string?];
      return value === undefined ? key in labels : labels[key] === value;
    }),
  );
}
