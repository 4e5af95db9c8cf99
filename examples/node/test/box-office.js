// A box office for a test: a file of its own with the season of the story in it.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as venue from 'venue';

export const SEASON = fileURLToPath(new URL('../../data/kino-season.toml', import.meta.url));
export const SLOT = 'metropolis@2027-01-07T20:00';
export const NOW = '2027-01-01T12:00:00Z';

/**
 * Runs a test on an open engine, and looks at the end whether all is well.
 *
 * @param {(engine: venue.Engine, folder: string) => Promise<void>} test
 */
export function atTheBoxOffice(test) {
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'venue-'));
    try {
      const path = join(folder, 'kino.venue');
      await venue.create(path, { test_clock: true, now: NOW });
      const engine = await venue.open(path);
      await engine.import([SEASON]);
      await test(engine, folder);
      await engine.close();
      const again = await venue.open(path);
      const { checks } = await again.doctor();
      await again.close();
      assert.deepEqual(checks.filter((check) => !check.ok), []);
    } finally {
      await rm(folder, { recursive: true });
    }
  };
}

/**
 * What a list or the feed gives, as an array.
 *
 * @template T
 * @param {AsyncIterable<T>} items
 */
export async function all(items) {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
}
