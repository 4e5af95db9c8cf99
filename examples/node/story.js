// The story: open, import, hold, confirm, tickets, feed, and what bad input is answered.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as venue from 'venue';

const SEASON = fileURLToPath(new URL('../data/kino-season.toml', import.meta.url));
const SLOT = 'metropolis@2027-01-07T20:00';

/** An amount as people read it. */
const money = ({ minor, currency }) => `${(minor / 100).toFixed(2)} ${currency}`;

/** Holds, confirms, sells, and gives back. */
async function sell(engine) {
  console.log(`imported: ${(await engine.import([SEASON])).created.slots} slot`);
  let slot = await engine.availability(SLOT);
  console.log(`free: ${slot.free} of ${slot.capacity}`);

  const booking = await engine.holding(SLOT, { seats: ['C-4', 'C-5'] }, async (hold) => {
    const { units, total, expires_at: until } = hold.booking;
    console.log(`held: ${units.map((unit) => unit.label).join(', ')} for ${money(total)} until ${until}`);
    try {
      await engine.hold(SLOT, { seats: ['C-5', 'C-6'] });
    } catch (no) {
      if (!(no instanceof venue.Refused)) throw no;
      const [taken] = no.details.seats;
      console.log(`refused: ${no.code}, ${taken.seat} is ${taken.why}`);
    }
    return hold.confirm({ payment: 'card:tx-17' });
  });
  console.log(`sold: ${booking.tickets.length} tickets, ${booking.tickets.map((t) => t.seat).join(' and ')}`);

  const places = await engine.sell(SLOT, { area: 'Empore', quantity: 3, payment: 'cash' });
  console.log(`sold: ${places.units[0].quantity} places of Empore for ${money(places.total)}`);

  // Nobody confirms this one: it is given back afterwards.
  await engine.holding(SLOT, { seats: ['D-1'] }, () => {});
  const seat = (await engine.slotMap(SLOT)).seats.find((seat) => seat.seat === 'D-1');
  console.log(`given back: D-1 is ${seat.state} again`);
  slot = await engine.availability(SLOT);
  console.log(`free: ${slot.free} of ${slot.capacity}`);
  const kinds = [];
  for await (const change of engine.feed()) kinds.push(change.kind);
  console.log(`happened: ${kinds.join(', ')}`);
}

/** What is wrong is named, and nothing is half done. */
async function badInput(engine) {
  const { value: sold } = await engine.bookings({ state: 'confirmed' }).next();
  for (const ask of [
    () => engine.call('hold', { slot: SLOT, seets: ['A-1'] }),
    () => engine.call('salute'),
    () => engine.hold('metropolis', { seats: ['A-1'] }),
    () => engine.hold(SLOT, { seats: ['Z-99'] }),
    () => engine.confirm(sold.reference),
  ]) {
    try {
      await ask();
    } catch (no) {
      if (!(no instanceof venue.Invalid || no instanceof venue.Refused)) throw no;
      const named = no.details.name ?? no.details.names?.join(', ');
      console.log([`${no.name.toLowerCase()}: ${no.code}`, ...(named ? [named] : [])].join(', '));
    }
  }
}

const folder = await mkdtemp(join(tmpdir(), 'venue-'));
try {
  const path = join(folder, 'kino.venue');
  await venue.create(path, { test_clock: true, now: '2027-01-01T12:00:00Z' });
  const engine = await venue.open(path);
  await sell(engine);
  await badInput(engine);
  await engine.close();
  await engine.doctor().catch((no) => console.log(`${no.name.toLowerCase()}: ${no.code}`));

  const again = await venue.open(path);
  const { ok } = await again.doctor();
  console.log(ok ? 'doctor: all is well' : 'doctor: something is wrong');
  process.exitCode = ok ? 0 : 1;
  await again.close();
} finally {
  await rm(folder, { recursive: true });
}
