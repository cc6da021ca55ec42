import { UsageError, messageOf } from '../../support/errors.js';
import { readRegularText } from '../../support/files/readRegular.js';

/** The largest record that is read, in bytes; it has some lines per job. */
const largestRecord = 64 * 1024 ** 2;

/** Reads a record in a run's directory; undefined: there is none. Throws UsageError when there is one that cannot be read. */
export async function readRecord(file: string): Promise<string | undefined> {
  try {
    return await readRegularText(file, largestRecord);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UsageError(
      `expected ${file} to be a record of \`lvs-lab run\`, found that it cannot be read: ${messageOf(cause)}`,
      {
        cause,
        hint: 'get the directory again from where it was made',
      },
    );
  }
}
