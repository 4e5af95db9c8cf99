// Every error has its class, its code and its facts, and nothing was done.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import * as venue from 'venue';
import { fromJson } from '../src/errors.js';
import { ABI_VERSION } from '../src/library.js';
import { NOW, SLOT, atTheBoxOffice } from './box-office.js';

test(
  'what a rule refuses has the facts',
  atTheBoxOffice(async (engine) => {
    await engine.hold(SLOT, { seats: ['A-1'] });
    await assert.rejects(engine.hold(SLOT, { seats: ['A-1', 'A-2'] }), {
      name: 'Refused',
      code: 'seats_taken',
      details: { seats: [{ seat: 'A-1', why: 'held' }] },
    });
    await assert.rejects(engine.sell(SLOT, { area: 'Empore', quantity: 11 }), {
      code: 'booking_limit',
      details: { limit: 10, asked: 11 },
    });
  }),
);

test(
  'what is wrong is named, and nothing is taken',
  atTheBoxOffice(async (engine) => {
    for (const [member, members] of Object.entries({
      seets: { slot: SLOT, seets: ['A-1'] },
      slot: { seats: ['A-1'] },
      quantity: { slot: SLOT, area: 'Empore', quantity: 'two' },
      ttl: { slot: SLOT, seats: ['A-1'], ttl: '400d' },
      buyer: { slot: SLOT, seats: ['A-1'], buyer: 'a\0b' },
      seats: { slot: SLOT, seats: 'A-1' },
      caller: { slot: SLOT, seats: ['A-1'], caller: /** @type {any} */ ({ role: 'king' }) },
    })) {
      await assert.rejects(engine.call('hold', members), (/** @type {venue.Invalid} */ no) => {
        assert.ok(no instanceof venue.Invalid);
        assert.deepEqual([no.code, no.details.name], ['argument', member]);
        return true;
      });
    }
    await assert.rejects(engine.call('in\0fo'), { name: 'Invalid', code: 'bad_text' });
    await assert.rejects(engine.call('info', { seats: 'A'.repeat(2 << 20) }), { code: 'too_large' });
    assert.equal((await engine.availability(SLOT)).free, 60);
  }),
);

test(
  'a file that is none is left alone, and a closed engine says so',
  atTheBoxOffice(async (engine, folder) => {
    const poem = join(folder, 'poem.txt');
    await writeFile(poem, 'Nel mezzo del cammin di nostra vita\n'.repeat(40));
    await assert.rejects(venue.open(poem), { name: 'Storage', code: 'foreign_file' });
    assert.equal((await readFile(poem, 'utf8')).length, 36 * 40);
    await assert.rejects(venue.open(join(folder, 'none.venue')), { name: 'Storage', code: 'no_file' });
    await assert.rejects(venue.open(':memory:'), { name: 'Invalid', code: 'bad_path' });
    await assert.rejects(venue.create(join(folder, 'x.venue'), { now: NOW }), { code: 'argument' });
    await venue.create(engine.path);
    assert.equal((await engine.availability(SLOT)).capacity, 60);
    const inFlight = engine.doctor();
    await engine.close();
    await engine.close();
    assert.equal((await inFlight).ok, true);
    await assert.rejects(engine.call('info'), { name: 'Invalid', code: 'bad_handle' });
  }),
);

test(
  'a name that is not ASCII comes back as it went',
  atTheBoxOffice(async (engine) => {
    const buyer = 'Größe 大 🎟';
    assert.equal((await engine.sell(SLOT, { seats: ['A-1'], buyer })).buyer, buyer);
  }),
);

test('every class has its error', () => {
  for (const [status, code, Kind] of /** @type {[number, string, typeof venue.VenueError][]} */ ([
    [122, 'sold_out', venue.Refused],
    [202, 'argument', venue.Invalid],
    [304, 'disk_full', venue.Storage],
    [401, 'busy', venue.Busy],
    [402, 'in_use', venue.Retry],
    [403, 'limited', venue.Limited],
    [501, 'unknown', venue.Unknown],
    [701, 'bug', venue.Bug],
    [999, 'of_tomorrow', venue.Bug],
  ])) {
    const error = fromJson(status, JSON.stringify({ data: { code, message: 'm', key: 'k', retry_at: NOW } }));
    assert.equal(error.constructor, Kind);
    assert.deepEqual([error.key, error.retryAt], ['k', new Date(NOW)]);
  }
  assert.ok(fromJson(701, '') instanceof venue.Bug);
});

test(
  'asking again keeps the key until it is answered',
  atTheBoxOffice(async (engine) => {
    const troubles = [
      new venue.Busy(401, { code: 'busy', message: 'full', retry_at: '2020-01-01T12:00:00Z' }),
      new venue.Unknown(501, { code: 'unknown', message: 'who knows' }),
    ];
    const keys = /** @type {string[]} */ ([]);
    const booking = await venue.insist((key) => {
      keys.push(key);
      const trouble = troubles.shift();
      if (trouble) throw trouble;
      return engine.sell(SLOT, { seats: ['A-1'], idempotency_key: key });
    });
    assert.equal(booking.state, 'confirmed');
    assert.deepEqual([keys.length, new Set(keys).size], [3, 1]);
    const refused = venue.insist((key) => engine.sell(SLOT, { seats: ['A-1'], idempotency_key: key }));
    await assert.rejects(refused, { code: 'seats_taken' });
    const busy = async () => {
      throw new venue.Busy(401, { code: 'busy' });
    };
    await assert.rejects(venue.insist(busy, { attempts: 3 }), venue.Busy);
    const limited = async () => {
      throw new venue.Limited(403, { code: 'limited', retry_at: '9999-01-01T00:00:00Z' });
    };
    await assert.rejects(venue.insist(limited), venue.Limited);
  }),
);

test('the library is of this package, and one that is not there is named', async () => {
  assert.match(venue.libraryVersion(), /^\d+\.\d+\.\d+/);
  const header = await readFile(new URL('../../../venue-ffi/include/venue.h', import.meta.url), 'utf8');
  assert.ok(header.includes(`#define VENUE_ABI_VERSION ${ABI_VERSION}\n`));
  const done = spawnSync(process.execPath, ['-e', "import('venue').then((v) => v.libraryVersion())"], {
    cwd: new URL('..', import.meta.url),
    env: { ...process.env, VENUE_LIBRARY: '/no/such/libvenue.so' },
    encoding: 'utf8',
  });
  assert.match(done.stderr, /LibraryNotFound.*\/no\/such\/libvenue\.so/s);
});
