import type { ImageIdentity, KernelConfigDigest } from '../../contracts/identities.js';
import type { Role } from '../../contracts/words/nodes.js';
import type { Readable, Writable } from 'node:stream';
import type { LabShape, NodeShape } from '../../scenario/model/planTypes.js';
import type { DockerConnection } from './dockerConnection.js';
import type { EngineIdentity } from './engineIdentity.js';

/** A finished command's output. */
export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a command to its end; `seconds` is how long it may take. */
export interface ExecOptions {
  readonly seconds: number;
  /** Text for the command's standard input, of any length, without a NUL. */
  readonly input?: string;
}

/** A command still running in a node. */
export interface RunningCommand {
  /** The command's standard input; left out unless it was asked for. */
  readonly stdin?: Writable;
  readonly stdout: Readable;
  /** What the command has written to standard error so far; complete after `done`. */
  readonly stderr: () => string;
  /** Resolves with the exit code when both streams have ended. */
  readonly done: Promise<number>;
}

/** A started container. */
export interface Node {
  readonly shape: NodeShape;
  readonly role: Role;
  /** The MAC addresses of its interfaces, in their order, lower case with colons. */
  readonly macs: readonly string[];
  /** Runs argv to its end. Rejects with LabError when `seconds` pass or the engine fails; a non-zero exit code does not reject. */
  exec(argv: readonly string[], options: ExecOptions): Promise<ExecResult>;
  /** Starts argv and streams its output; with `stdin` its standard input can be written to. */
  start(argv: readonly string[], options?: { readonly stdin: boolean }): Promise<RunningCommand>;
}

/** An address range of a network on the engine. */
export interface EngineNetwork {
  /** The range as CIDR. */
  readonly subnet: string;
  /** The engine's own address on the bridge, if it has one. */
  readonly gateway: string | undefined;
}

/** Networks and containers of one shape; disposing of it removes them. */
export interface Lab extends AsyncDisposable {
  readonly shape: LabShape;
  readonly nodes: readonly Node[];
  /** The lab's networks as the engine describes them now. Rejects with LabError when one of them leads out of the engine. */
  networks(): Promise<readonly EngineNetwork[]>;
}

/** What labs are made of, as only the engine can tell. */
export interface EngineVersions {
  /** For each component that Docker names (Engine, containerd, runc ...), its version. */
  readonly components: Readonly<Record<string, string>>;
  readonly images: Readonly<Partial<Record<Role, ImageIdentity>>>;
  /** The kernel's configuration; undefined: nobody outside the kernel knows it. */
  readonly kernelConfig: KernelConfigDigest | undefined;
}

/** A Docker engine whose kernel is the kernel under test. Nothing above src/engine knows which adapter it is. */
export interface Engine extends AsyncDisposable {
  readonly identity: EngineIdentity;
  /** How another process of this user reaches the same engine. */
  readonly connection: DockerConnection;
  /** Whether closing the engine discards its labs at once, as it does with a VM: to remove them before that would only take time. */
  readonly discardsLabs: boolean;
  /** Creates the shape's networks and nodes; all of it is removed when the Lab is disposed, and when this rejects. */
  createLab(shape: LabShape): Promise<Lab>;
  /** Subnets (CIDR) of all networks on this engine, so that a plan can avoid them. */
  usedSubnets(): Promise<readonly string[]>;
  /** What labs are made of. Rejects with what the client library says when the engine cannot tell. */
  parts(): Promise<EngineVersions>;
  /** The packet filter of the engine's own network namespace, as `nft list ruleset` prints it, because it could meddle with labs. Changes nothing. */
  hostRules(runId: string): Promise<string>;
  /**
   * Tries out rules in a throw-away container without a network. It runs `lab/node/try-rules.sh` with these words and texts; the script's
   * output says what was refused.
   */
  tryRules(
    runId: string,
    words: readonly string[],
    options: { readonly seconds: number },
  ): Promise<ExecResult>;
  /** Rejects with LabError as soon as the engine is lost (VM panic, killed QEMU, engine gone); never resolves. */
  readonly lost: Promise<never>;
}
