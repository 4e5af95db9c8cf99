// The C library: where it lies, its functions, and texts across the edge. Every call runs on a thread of koffi's, so the
// event loop goes on meanwhile.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import koffi from 'koffi';
import { LibraryNotFound, fromJson } from './errors.js';

/** The number of the binary interface that this package is written for. */
export const ABI_VERSION = 1;

/** `VENUE_NEW_TEST_CLOCK` */
export const NEW_TEST_CLOCK = 1;

const NAMES = [`libvenue.so.${ABI_VERSION}`, 'libvenue.so', 'libvenue.dylib'];

// koffi runs a call on a stack of its own, of 128 KiB unless told otherwise: too little for a database. More calls than
// these wait in JavaScript, so that a crowd costs no stacks.
const STACK_BYTES = 4 << 20;
const MAX_CALLS = 16;
koffi.config({ async_stack_size: STACK_BYTES });

/** `VENUE_LIBRARY` alone if it is set, else this package's folder, then where the system looks. */
function candidates() {
  const named = process.env.VENUE_LIBRARY;
  if (named) return [named];
  const folder = dirname(dirname(fileURLToPath(import.meta.url)));
  const beside = NAMES.map((name) => join(folder, name)).filter((path) => existsSync(path));
  return [...beside, ...NAMES];
}

/** @typedef {{ data: any, size: number }} Text */
/** @typedef {{ status: number, text: string }} Answer */

/** At most so many calls at once; the others wait in their order. */
class Gate {
  /** @param {number} free */
  constructor(free) {
    this.free = free;
    /** @type {(() => void)[]} */
    this.waiting = [];
  }

  async enter() {
    if (this.free > 0) this.free -= 1;
    else await new Promise((/** @type {(value?: any) => void} */ resolve) => this.waiting.push(resolve));
  }

  leave() {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}

class Library {
  /** @param {string} path */
  constructor(path) {
    const lib = koffi.load(path);
    const text = koffi.struct({ data: 'void *', size: 'size_t' });
    const bytes = koffi.pointer('uint8_t');
    const out = koffi.out(koffi.pointer(text));
    const handle = koffi.out(koffi.pointer('uint64_t'));
    try {
      const found = lib.func('venue_abi_version', 'uint32_t', [])();
      if (found !== ABI_VERSION) {
        throw new LibraryNotFound(
          `${path} has the binary interface ${found}, and this package needs ${ABI_VERSION}: ` +
            'install a libvenue and a package of the same version',
        );
      }
      this.versionText = lib.func('venue_version', 'str', [])();
      this.free = lib.func('venue_text_free', 'void', [koffi.inout(koffi.pointer(text))]);
      this.functions = {
        create: lib.func('venue_create', 'int32_t', [bytes, 'size_t', 'uint32_t', bytes, 'size_t', out]),
        open: lib.func('venue_open', 'int32_t', [bytes, 'size_t', handle, out]),
        close: lib.func('venue_close', 'int32_t', ['uint64_t', out]),
        call: lib.func('venue_call', 'int32_t', ['uint64_t', bytes, 'size_t', bytes, 'size_t', out, out]),
      };
    } catch (problem) {
      if (problem instanceof LibraryNotFound) throw problem;
      throw new LibraryNotFound(`${path} is not this package's libvenue: ${problem}`);
    }
    this.gate = new Gate(MAX_CALLS);
  }

  /**
   * The text, and VENUE's copy freed.
   *
   * @param {Text} text
   */
  taken(text) {
    if (!text.data) return '';
    try {
      return /** @type {string} */ (koffi.decode(text.data, 'char', text.size));
    } finally {
      this.free(text);
    }
  }

  /**
   * Calls a function on another thread; its last argument, the error, is added here.
   *
   * @param {any} call
   * @param {any[]} given
   */
  async run(call, given) {
    /** @type {any} */
    const error = {};
    await this.gate.enter();
    try {
      const status = await new Promise((resolve, reject) => {
        call.async(...given, error, (/** @type {any} */ problem, /** @type {number} */ status) =>
          problem ? reject(problem) : resolve(status),
        );
      });
      const text = this.taken(error);
      if (status !== 0) throw fromJson(status, text);
    } finally {
      this.gate.leave();
    }
  }

  /**
   * @param {string} path
   * @param {number} flags
   * @param {string} now
   */
  async create(path, flags, now) {
    await this.run(this.functions.create, [...sized(path), flags, ...sized(now)]);
  }

  /** @param {string} path */
  async open(path) {
    /** @type {(number | bigint)[]} */
    const handle = [0];
    await this.run(this.functions.open, [...sized(path), handle]);
    return /** @type {number | bigint} */ (handle[0]);
  }

  /** @param {number | bigint} handle */
  async close(handle) {
    await this.run(this.functions.close, [handle]);
  }

  /**
   * @param {number | bigint} handle
   * @param {string} name
   * @param {string} request
   */
  async call(handle, name, request) {
    /** @type {any} */
    const reply = {};
    await this.run(this.functions.call, [handle, ...sized(name), ...sized(request), reply]);
    return this.taken(reply);
  }
}

/**
 * A text as VENUE borrows it: its bytes, and how many they are.
 *
 * @param {string} text
 * @returns {[Buffer, number]}
 */
function sized(text) {
  const bytes = Buffer.from(text);
  return [bytes, bytes.length];
}

/** @type {Library | undefined} */
let loaded;

/** Loads the library, once in a process. */
export function library() {
  if (loaded) return loaded;
  const tried = [];
  for (const path of candidates()) {
    try {
      loaded = new Library(path);
      return loaded;
    } catch (problem) {
      if (problem instanceof LibraryNotFound) throw problem;
      tried.push(`${path}: ${problem instanceof Error ? problem.message : problem}`);
    }
  }
  throw new LibraryNotFound(
    'libvenue was not found: build it with `cargo build --release -p venue-ffi`, and name it in VENUE_LIBRARY, ' +
      `lay it into this package's folder, or install it where the system looks\n  ${tried.join('\n  ')}`,
  );
}
