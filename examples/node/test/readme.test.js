// What the pages show works: every piece of JavaScript on them is run, each on a new file.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as venue from 'venue';
import { NOW, SEASON } from './box-office.js';

const here = fileURLToPath(new URL('..', import.meta.url));

for (const page of ['README.md', '../../README.md']) {
  test(`every piece of JavaScript of ${page} runs`, async () => {
    const text = await readFile(join(here, page), 'utf8');
    const pieces = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, piece]) => piece ?? '');
    assert.ok(pieces.length > 0);
    for (const piece of pieces) {
      // Below the package, so that it is found by its own name.
      const folder = await mkdtemp(join(here, 'test', 'page-'));
      try {
        const path = join(folder, 'kino.venue');
        await venue.create(path, { test_clock: true, now: NOW });
        const engine = await venue.open(path);
        await engine.import([SEASON]);
        await engine.close();
        await copyFile(SEASON, join(folder, 'season.toml'));
        const ran = spawnSync(process.execPath, ['--input-type=module', '-e', piece], { cwd: folder, encoding: 'utf8' });
        assert.deepEqual([ran.status, ran.stderr], [0, ''], piece);
        assert.notEqual(ran.stdout, '', piece);
        const again = await venue.open(path);
        assert.equal((await again.doctor()).ok, true);
        await again.close();
      } finally {
        await rm(folder, { recursive: true });
      }
    }
  });
}
