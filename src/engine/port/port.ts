import type { EngineKind } from '../../contracts/words/engines.js';
import type { Role } from '../../contracts/words/nodes.js';
import type { Readable, Writable } from 'node:stream';
import type { LabShape, NodeShape } from '../../scenario/model/planTypes.js';

/** Who the engine is, as both client libraries agree. Recorded in run.json. */
export interface EngineIdentity {
  readonly kind: EngineKind;
  /** Docker's engine ID. */
  readonly id: string;
  readonly dockerVersion: string;
  readonly kernel: string;
  readonly operatingSystem: string;
  readonly architecture: string;
  /** 'kvm' or 'tcg' for a VM; undefined for a local engine. */
  readonly accelerator: string | undefined;
  readonly processors: number;
  readonly memoryBytes: number;
  /** Why this engine was taken: one sentence for the user. */
  readonly reason: string;
}

/** A finished command's output. */
export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is run to its end. */
export interface ExecOptions {
  readonly seconds: number;
  /** What it reads from standard input, of any length and without a NUL; nothing when left out. */
  readonly input?: string;
}

/** A command still running in a node. */
export interface RunningCommand {
  /** Undefined unless it was asked for. */
  readonly stdin?: Writable;
  readonly stdout: Readable;
  /** Collected so far; complete after `done`. */
  readonly stderr: () => string;
  /** Resolves with the exit code when both streams have ended. */
  readonly done: Promise<number>;
}

/** A started container. */
export interface Node {
  readonly shape: NodeShape;
  readonly role: Role;
  /** Of its interfaces, in their order; lower case with colons. */
  readonly macs: readonly string[];
  /** Runs argv to its end. Rejects with LabError when `seconds` pass or the engine fails; a non-zero exit code does not reject. */
  exec(argv: readonly string[], options: ExecOptions): Promise<ExecResult>;
  /** Starts argv and streams its output; with `stdin` it can be written to. */
  start(argv: readonly string[], options?: { readonly stdin: boolean }): Promise<RunningCommand>;
}

/** One address range of a network of the engine's. */
export interface EngineNetwork {
  /** CIDR. */
  readonly subnet: string;
  /** The engine's own end of the bridge, if it has one. */
  readonly gateway: string | undefined;
}

/** Networks and containers of one shape; gone when disposed. */
export interface Lab extends AsyncDisposable {
  readonly shape: LabShape;
  readonly nodes: readonly Node[];
  /** What its networks are by what the engine says now. Rejects with LabError where one of them leads out of the engine. */
  networks(): Promise<readonly EngineNetwork[]>;
}

/** What an image is, whatever it is called. */
export interface ImageIdentity {
  readonly reference: string;
  /** Digest of its configuration: `sha256:...`. */
  readonly id: string;
  /** `NAME@sha256:...` for each registry that it came from. */
  readonly digests: readonly string[];
}

/** A kernel's configuration, known by its hash. */
export interface KernelConfig {
  /** Of its text, in hexadecimal. */
  readonly sha256: string;
  /** Where it was read. */
  readonly from: string;
}

/** What labs are made of, as far as only the engine can tell. */
export interface EngineParts {
  /** Component as Docker calls it (Engine, containerd, runc ...) -> version. */
  readonly components: Readonly<Record<string, string>>;
  readonly images: Readonly<Partial<Record<Role, ImageIdentity>>>;
  /** Undefined: not known outside the kernel. */
  readonly kernelConfig: KernelConfig | undefined;
}

/** A Docker engine whose kernel is the kernel under test. Nothing above src/engine knows which adapter it is. */
export interface Engine extends AsyncDisposable {
  readonly identity: EngineIdentity;
  /** How another process of this user reaches the same engine. */
  readonly connection: DockerConnection;
  /** Creates the shape's networks and nodes; all of it is removed when the Lab is disposed, and when this rejects. */
  createLab(shape: LabShape): Promise<Lab>;
  /** Subnets (CIDR) that networks of this engine already have, so that a plan can avoid them. */
  usedSubnets(): Promise<readonly string[]>;
  /** What labs are made of. Rejects with what the client library says when the engine cannot tell. */
  parts(): Promise<EngineParts>;
  /** The packet filter of the engine's own network namespace, as `nft list ruleset` prints it: what could meddle with labs. Only looks. */
  hostRules(runId: string): Promise<string>;
  /**
   * Tries out rules in a throw-away container without a network, by `lab/node/try-rules.sh`, which reads these words, kinds and texts in turn, and whose
   * output says what was refused.
   */
  tryRules(
    runId: string,
    words: readonly string[],
    options: { readonly seconds: number },
  ): Promise<ExecResult>;
  /** Rejects with LabError as soon as the engine is known to be lost (VM panic, killed QEMU, engine gone); never resolves. */
  readonly lost: Promise<never>;
}

/** How to reach a Docker engine's API. */
export type DockerConnection =
  | { readonly kind: 'socket'; readonly socketPath: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'tls';
      readonly host: string;
      readonly port: number;
      /** Holds ca.pem, cert.pem and key.pem. */
      readonly certificates: string;
    };
