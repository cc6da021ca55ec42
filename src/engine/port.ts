import type { Readable } from 'node:stream';
import type { NodePlan, Plan, Role } from '../scenario/types.js';
import type { DockerConnection } from './docker/connection.js';

/** Who the engine is, as both client libraries agree. Recorded in run.json. */
export interface EngineIdentity {
  readonly kind: 'local' | 'vm';
  /** Docker's engine ID. */
  readonly id: string;
  readonly dockerVersion: string;
  readonly kernel: string;
  readonly operatingSystem: string;
  readonly architecture: string;
  /** 'kvm' or 'tcg' for a VM; undefined for a local engine. */
  readonly accelerator: string | undefined;
  /** Why this engine was taken: one sentence for the user. */
  readonly reason: string;
}

/** A finished command's output. */
export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command still running in a node. */
export interface RunningCommand {
  readonly stdout: Readable;
  /** Collected so far; complete after `done`. */
  readonly stderr: () => string;
  /** Resolves with the exit code when both streams have ended. */
  readonly done: Promise<number>;
}

/** A started container. */
export interface Node {
  readonly plan: NodePlan;
  readonly role: Role;
  /** Of the lab network's interface, lower case with colons. */
  readonly mac: string;
  /** Runs argv to its end. Rejects with LabError when `seconds` pass or the engine fails; a non-zero exit code does not reject. */
  exec(argv: readonly string[], options: { readonly seconds: number }): Promise<ExecResult>;
  /** Starts argv and streams its output. */
  start(argv: readonly string[]): Promise<RunningCommand>;
}

/** The network and containers of one scenario; gone when disposed. */
export interface Lab extends AsyncDisposable {
  readonly plan: Plan;
  readonly nodes: readonly Node[];
}

/** A Docker engine whose kernel is the kernel under test. Nothing above src/engine knows which adapter it is. */
export interface Engine extends AsyncDisposable {
  readonly identity: EngineIdentity;
  /** How another process of this user reaches the same engine. */
  readonly connection: DockerConnection;
  /** Creates the plan's network and nodes; all of it is removed when the Lab is disposed, and when this rejects. */
  createLab(plan: Plan): Promise<Lab>;
  /** Subnets (CIDR) that networks of this engine already have, so that a plan can avoid them. */
  usedSubnets(): Promise<readonly string[]>;
  /** Rejects with LabError as soon as the engine is known to be lost (VM panic, killed QEMU, engine gone); never resolves. */
  readonly lost: Promise<never>;
}
