import { cp } from 'node:fs/promises';
import path from 'node:path';
import { cacheEntry, foundEntry, type EntryRequest } from '../cache/cache.js';
import { manifestName } from '../cache/cacheManifest.js';
import type { KeptEvidence } from '../port/port.js';

const needsBytes = 50e6;

/** Evidence of a saved lab, kept in the cache. `lab` is the key of the saved lab's own entry. */
export function keptEvidence(lab: string, note: EntryRequest['note']): KeptEvidence {
  const entry = (key: string) => ({ kind: 'evidence', inputs: { recipe: 1, lab, key }, note });
  return {
    copy: async (key, into) => {
      const kept = await foundEntry(entry(key));
      if (kept === undefined) return false;
      const filter = (file: string): boolean => file !== path.join(kept, manifestName);
      await cp(kept, into, { recursive: true, filter });
      return true;
    },
    keep: async (key, folder) => {
      const make = (partial: string): Promise<void> => cp(folder, partial, { recursive: true });
      await cacheEntry({ ...entry(key), needsBytes, make });
    },
  };
}
