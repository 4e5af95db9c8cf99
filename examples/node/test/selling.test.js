// Holds, bookings, pages, the feed, and crowds.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import * as venue from 'venue';
import { SLOT, all, atTheBoxOffice } from './box-office.js';

const free = async (/** @type {venue.Engine} */ engine) => (await engine.availability(SLOT)).free;

test(
  'a confirmed hold stays sold after its time',
  atTheBoxOffice(async (engine) => {
    const booking = await engine.holding(SLOT, { seats: ['A-1'], ttl: '2m' }, async (hold) => {
      assert.equal(hold.booking.expires_at, '2027-01-01T12:02:00.000000Z');
      return hold.confirm({ payment: 'card:tx-1:11.50' });
    });
    assert.equal(booking.tickets?.[0]?.number, `${booking.reference}-01`);
    assert.equal((await engine.booking(booking.reference)).state, 'confirmed');
  }),
);

test(
  'a hold that is not confirmed is given back, also when its act fails',
  atTheBoxOffice(async (engine) => {
    await engine.holding(SLOT, { area: 'Empore', quantity: 5 }, async () => {
      assert.equal(await free(engine), 55);
    });
    const declined = () => {
      throw new RangeError('the card was declined');
    };
    await assert.rejects(engine.holding(SLOT, { seats: ['A-1'] }, declined), RangeError);
    await engine.holding(SLOT, { seats: ['A-1'] }, (hold) => engine.release(hold.reference));
    assert.equal(await free(engine), 60);
  }),
);

test(
  'an unknown confirm is not given back behind its back',
  atTheBoxOffice(async (engine) => {
    const call = engine.call.bind(engine);
    engine.call = async (name, members) => {
      if (name === 'confirm') throw new venue.Unknown(501, { code: 'unknown', message: 'the commit failed' });
      return call(name, members);
    };
    await assert.rejects(engine.holding(SLOT, { seats: ['A-1'] }, (hold) => hold.confirm()), venue.Unknown);
    const [hold] = await all(engine.bookings());
    assert.equal(hold?.state, 'held');
  }),
);

test(
  'a public buyer needs the token, and the hold has it',
  atTheBoxOffice(async (engine) => {
    /** @type {venue.Caller} */
    const caller = { role: 'public', address: '192.0.2.7' };
    const hold = await engine.hold(SLOT, { seats: ['A-1'], caller });
    await assert.rejects(engine.confirm(hold.id, { caller }), { name: 'Refused', code: 'forbidden' });
    assert.equal((await hold.confirm()).state, 'confirmed');
  }),
);

test(
  'lists come whole whatever the size of a page',
  atTheBoxOffice(async (engine) => {
    const sold = new Set();
    for (let n = 1; n <= 7; n += 1) {
      sold.add((await engine.sell(SLOT, { seats: [`A-${n}`], buyer: 'b1' })).id);
    }
    for (const limit of [1, 3, 7, 100]) {
      const found = await all(engine.bookings({ buyer: 'b1', state: 'confirmed', limit }));
      assert.deepEqual(new Set(found.map((booking) => booking.id)), sold);
    }
    assert.equal((await all(engine.tickets({ slot: SLOT, limit: 2 }))).length, 7);
    assert.equal((await all(engine.slots({ from: '2027-01-07', until: '2027-01-07' }))).length, 1);
  }),
);

test(
  'lines are cancelled one by one, and a copy is made of an open file',
  atTheBoxOffice(async (engine, folder) => {
    const { id } = await engine.sell(SLOT, { seats: ['A-1', 'A-2'] });
    await engine.cancel(id, { line: [1], reason: 'ill' });
    const copy = await venue.open((await engine.backup(join(folder, 'copy.venue'))).file);
    assert.equal(await free(copy), 59);
    await copy.close();
    assert.equal((await engine.cancel(id)).state, 'cancelled');
    await assert.rejects(engine.backup(join(folder, 'copy.venue')), { name: 'Storage', code: 'target_exists' });
  }),
);

test(
  'twenty callers at once sell a seat once, and the same key sells once',
  atTheBoxOffice(async (engine) => {
    const asks = Array.from({ length: 20 }, (_, n) => engine.sell(SLOT, { seats: ['A-1'], buyer: `b${n}` }));
    const answers = await Promise.allSettled(asks);
    assert.equal(answers.filter((answer) => answer.status === 'fulfilled').length, 1);
    for (const answer of answers) {
      if (answer.status === 'rejected') assert.equal(answer.reason.code, 'seats_taken');
    }
    const twins = Array.from({ length: 20 }, () =>
      engine.sell(SLOT, { seats: ['B-1'], idempotency_key: 'order-17' }),
    );
    const references = (await Promise.all(twins)).map((booking) => booking.reference);
    assert.equal(new Set(references).size, 1);
  }),
);

test(
  'a crowd that is larger than the threads is served whole',
  atTheBoxOffice(async (engine) => {
    const asks = Array.from({ length: 1000 }, (_, n) =>
      n < 20 ? engine.sell(SLOT, { area: 'Empore', quantity: 1 }) : engine.availability(SLOT),
    );
    assert.equal((await Promise.all(asks)).length, 1000);
    assert.equal(await free(engine), 40);
  }),
);

test(
  'a follower hears of a sale while others work, and stops when told so',
  atTheBoxOffice(async (engine) => {
    const told = new AbortController();
    const heard = (async () => {
      const kinds = [];
      for await (const change of engine.feed({ follow: true, event: 'metropolis', signal: told.signal })) {
        kinds.push(change.kind);
        if (change.kind === 'booking.confirmed') told.abort();
      }
      return kinds;
    })();
    await engine.holding(SLOT, { seats: ['A-1'] }, () => {});
    await engine.sell(SLOT, { seats: ['A-1'] });
    assert.deepEqual(await heard, ['booking.held', 'booking.released', 'booking.confirmed']);
  }),
);

test(
  'the event loop goes on while a call waits',
  atTheBoxOffice(async (engine) => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);
    await engine.doctor();
    clearInterval(timer);
    assert.ok(turns > 0);
  }),
);
