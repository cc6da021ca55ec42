import { stat } from 'node:fs/promises';

/** True when a path names something that exists. */
export const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );
