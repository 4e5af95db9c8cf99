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
export function insist<T>(act: (key: string) => Promise<T>, { key, attempts, longest }?: {
    key?: string;
    attempts?: number;
    longest?: number;
}): Promise<T>;
