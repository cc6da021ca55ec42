import { rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import type Docker from 'dockerode';
import { bindAndIdentify } from '../docker/identity.js';
import { makeScratch, type Scratch } from '../lifetime/scratch.js';
import type { DockerConnection } from '../port/dockerConnection.js';

/**
 * Points testcontainers at one machine after the other. It keeps one engine for the life of the process, so what it is given is one socket,
 * which leads to the engine that is used now. Only one machine may be made at a time.
 */
export class TestcontainersSocket implements AsyncDisposable {
  #scratch: Promise<Scratch> | undefined;

  /** Makes testcontainers use this engine. Rejects when it reaches another one. */
  async leadTo(
    docker: Docker,
    { socketPath }: Extract<DockerConnection, { readonly kind: 'socket' }>,
  ): Promise<void> {
    this.#scratch ??= makeScratch(`testcontainers-${String(process.pid)}`);
    const link = path.join((await this.#scratch).directory, 'docker.sock');
    await rm(link, { force: true });
    await symlink(socketPath, link);
    await bindAndIdentify(docker, { kind: 'socket', socketPath: link });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#scratch)?.remove();
  }
}
