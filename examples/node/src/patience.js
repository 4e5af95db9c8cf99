// Asking again, safely: with the same key, when it makes sense.

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Retry, Unknown } from './errors.js';

/**
 * Does `act(key)` until it is answered, at most so many times. After `Retry` it waits until `retryAt`, if that is not more
 * than `longest` milliseconds away; after `Unknown` it asks at once. The key stays the same, so nothing is done twice,
 * whatever became of the attempt before. A key that outlives this process (an order's number) makes it safe across a crash
 * too.
 *
 * @template T
 * @param {(key: string) => Promise<T>} act
 * @param {{ key?: string, attempts?: number, longest?: number }} [how]
 */
export async function insist(act, { key = randomUUID(), attempts = 5, longest = 10_000 } = {}) {
  for (;;) {
    attempts -= 1;
    try {
      return await act(key);
    } catch (problem) {
      const again = problem instanceof Retry || problem instanceof Unknown;
      const wait = again && problem.retryAt ? problem.retryAt.getTime() - Date.now() : 0;
      if (!again || attempts <= 0 || wait > longest) throw problem;
      if (wait > 0) await pause(wait);
    }
  }
}
