/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices into the typed arrays are in range by construction */
import type { StreamedRequest } from '../flows/flowProgram.js';

/** How many times a second a slow body goes on. */
const partsPerSecond = 10;

/** Holds back the bodies of requests that are to be sent at a rate. */
export class Pacing {
  /** When the flow's present body began, in milliseconds. */
  readonly #begunAt: Float64Array;

  constructor(count: number) {
    this.#begunAt = new Float64Array(count);
  }

  get bytes(): number {
    return this.#begunAt.byteLength;
  }

  /** Called when the request's head is about to be sent, and nothing of its body was. */
  begin(flow: number, now: number): void {
    this.#begunAt[flow] = now;
  }

  /** How many bytes of the request may have been sent by now, counted from its start. */
  allowed(flow: number, request: StreamedRequest, now: number): number {
    const bodyBytes = Math.floor((request.rate * (now - this.#begunAt[flow]!)) / 1000);
    return Math.min(request.head.length + bodyBytes, request.length);
  }

  /** How many bytes must be allowed before another segment is sent. */
  quantum(request: StreamedRequest, mss: number): number {
    return Math.min(mss, Math.max(1, Math.floor(request.rate / partsPerSecond)));
  }

  /** When this many bytes of the request may have been sent. */
  dueAt(flow: number, request: StreamedRequest, bytes: number): number {
    return this.#begunAt[flow]! + ((bytes - request.head.length) * 1000) / request.rate;
  }
}
