import type { Load, LoadPattern } from '../../../src/contracts/agents/load.js';

/** How a connection is to end. */
export type Closing = Load['close'];

/** An HTTP/1.1 request: its head, and how many zeros follow as its body. */
export interface Request {
  readonly head: string;
  readonly bodyBytes: number;
}

/**
 * The requests of one connection. The path tells the realserver (lab/node/server) what to answer, whether to close behind its
 * reply, and whether to wait with it: a half-close is one only when the client's FIN is there before the reply is. Only the last
 * request may have it close, or wait, or say nothing.
 */
export function requestsOf(
  host: string,
  pattern: LoadPattern,
  { first, how }: Pick<Closing, 'first' | 'how'>,
): Request[] {
  if (pattern.requests === 0) return [];
  const earlier = Array.from({ length: pattern.requests - 1 }, () => request(host, 'GET /keep/text'));
  return [...earlier, lastRequest(host, pattern, folderOf(pattern, { first, how }))];
}

function folderOf({ think, reply }: LoadPattern, { first, how }: Pick<Closing, 'first' | 'how'>): string {
  if (reply === false) return '/never';
  const folder = first === 'server' ? '/close' : '/keep';
  return think !== undefined || how === 'half-close' ? `${folder}-late` : folder;
}

function lastRequest(host: string, { upload, download, rate, think }: LoadPattern, folder: string): Request {
  const late = think === undefined ? [] : [`think=${think}`];
  const query = (...values: readonly string[]): string => (values.length === 0 ? '' : `?${values.join('&')}`);
  if (upload > 0)
    return request(host, `POST ${folder}/upload${query(...late)}`, [`Content-Length: ${upload}`], upload);
  if (download === 0) return request(host, `GET ${folder}/text${query(...late)}`);
  // The realserver keeps a download's rate: a client that read slowly would only fill the kernel's buffers first.
  const paced = rate > 0 ? [`rate=${rate}`] : [];
  return request(host, `GET ${folder}/zeros${query(...paced, ...late)}`, [`Range: bytes=0-${download - 1}`]);
}

function request(host: string, line: string, headers: readonly string[] = [], bodyBytes = 0): Request {
  const lines = [`${line} HTTP/1.1`, `Host: ${host.includes(':') ? `[${host}]` : host}`, ...headers];
  return { head: `${lines.join('\r\n')}\r\n\r\n`, bodyBytes };
}
