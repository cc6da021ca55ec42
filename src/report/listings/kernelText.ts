import type { Paint } from '../text/colour.js';
import { table } from '../text/textTable.js';

/** The facts about a kernel that are shown. */
interface ShownKernel {
  readonly name?: string | undefined;
  readonly from: string;
  readonly release: string;
  readonly version: string;
  readonly buildId?: string | undefined;
  readonly config?: { readonly sha256: string; readonly from: string } | undefined;
  readonly replaced: readonly { readonly module: string; readonly file: string; readonly sha256: string }[];
  /** When it was added, in ISO 8601. */
  readonly addedAt?: string | undefined;
  readonly directory: string;
  readonly unmet: readonly { readonly option: string; readonly why: string }[] | undefined;
}

/** A table of the added kernels, one per line. */
export function kernelTable(kernels: readonly ShownKernel[], paint: Paint): string {
  if (kernels.length === 0) return 'no kernel was added; see `lvs-lab kernel add --help`\n';
  const rows = kernels.map(({ name, release, from, replaced, unmet, addedAt }) => [
    name ?? '',
    release,
    from,
    replaced.map(({ module }) => module).join(' '),
    unmet === undefined ? 'not known' : unmet.length,
    addedAt?.slice(0, 10) ?? '',
  ]);
  const head = ['kernel', 'release', 'from', 'replaced modules', 'options missing', 'added'];
  return `${table(head, rows, paint)}\n`;
}

/** Everything that is known of a kernel. */
export function kernelText(kernel: ShownKernel, paint: Paint): string {
  const { config, unmet } = kernel;
  const rows: (readonly [string, string])[] = [
    ...(kernel.name === undefined ? [] : [['name', kernel.name] as const]),
    ['release', kernel.release],
    ['version', kernel.version],
    ['build id', kernel.buildId ?? 'not known'],
    ['from', kernel.from],
    ['configuration', config === undefined ? 'not known' : `SHA-256 ${config.sha256}, from ${config.from}`],
    ...(kernel.addedAt === undefined ? [] : [['added', kernel.addedAt] as const]),
    ['lies in', kernel.directory],
    ...kernel.replaced.map(
      ({ module, file, sha256 }) =>
        ['replaced module', `${module}: SHA-256 ${sha256}, from ${file}`] as const,
    ),
  ];
  const lines = rows.map(([name, value]) => `${paint.dim(name.padEnd(16))} ${value}`);
  return `${[...lines, ...missingLines(unmet, paint)].join('\n')}\n`;
}

function missingLines(unmet: ShownKernel['unmet'], paint: Paint): readonly string[] {
  const name = paint.dim('missing options '.padEnd(16));
  if (unmet === undefined) return [`${name} not known: no configuration was found`];
  if (unmet.length === 0) return [`${name} none`];
  return [name, ...unmet.map(({ option, why }) => `  ${option}: ${why}`)];
}
