import { UsageError } from '../../support/errors.js';

/** A Debian suite, and the moment of which it is meant; undefined: as it is now. */
export interface DatedSuite {
  readonly suite: string;
  readonly date: string | undefined;
}

/** The variable that says where a mirror keeps suites as they were, with `{date}` in it. */
const snapshotsVariable = 'LVS_LAB_DEBIAN_SNAPSHOTS';

/** `bookworm@20260131T000000Z` -> the suite and its date. */
export function readDated(text: string): DatedSuite {
  const [suite = '', date] = text.split('@');
  return { suite, date };
}

/** A date as mirrors name it: `2026-01-31`, `20260131` and `20260131T120000Z` are read; undefined for anything else. */
export function parseSnapshot(text: string): string | undefined {
  const [, year, month, day, time = 'T000000Z'] = /^(\d{4})-?(\d\d)-?(\d\d)(T\d{6}Z)?$/.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const isDay = !Number.isNaN(Date.parse(`${year}-${month}-${day}T00:00:00Z`));
  return isDay ? `${year}${month}${day}${time}` : undefined;
}

/** The URL of the mirror's suites of that date. Throws UsageError for an invalid date, and when no such mirror is configured. */
export function snapshotMirror(date: string, environment: NodeJS.ProcessEnv = process.env): string {
  if (parseSnapshot(date) !== date) {
    throw new UsageError(`expected a date behind @ such as 20260131T000000Z, found ${date}`, {
      hint: 'let it be written: --snapshot 2026-01-31',
    });
  }
  const template = environment[snapshotsVariable] ?? '';
  if (template.includes('{date}')) return template.replaceAll('{date}', date);
  throw new UsageError(
    `expected ${snapshotsVariable} to say where Debian's suites of ${date} are, with {date} in it; found ${template === '' ? 'nothing' : template}`,
    { hint: `set it to a mirror that keeps them: export ${snapshotsVariable}=http://MIRROR/debian/{date}` },
  );
}
