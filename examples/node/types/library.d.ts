/** Loads the library, once in a process. */
export function library(): Library;
/** The number of the binary interface that this package is written for. */
export const ABI_VERSION: 1;
/** `VENUE_NEW_TEST_CLOCK` */
export const NEW_TEST_CLOCK: 1;
export type Text = {
    data: any;
    size: number;
};
export type Answer = {
    status: number;
    text: string;
};
declare class Library {
    /** @param {string} path */
    constructor(path: string);
    versionText: any;
    free: {
        (...args: any[]): any;
        async: (...args: any[]) => any;
        info: {
            name: string;
            arguments: import("koffi").TypeObject[];
            result: import("koffi").TypeObject;
        };
    };
    functions: {
        create: {
            (...args: any[]): any;
            async: (...args: any[]) => any;
            info: {
                name: string;
                arguments: import("koffi").TypeObject[];
                result: import("koffi").TypeObject;
            };
        };
        open: {
            (...args: any[]): any;
            async: (...args: any[]) => any;
            info: {
                name: string;
                arguments: import("koffi").TypeObject[];
                result: import("koffi").TypeObject;
            };
        };
        close: {
            (...args: any[]): any;
            async: (...args: any[]) => any;
            info: {
                name: string;
                arguments: import("koffi").TypeObject[];
                result: import("koffi").TypeObject;
            };
        };
        call: {
            (...args: any[]): any;
            async: (...args: any[]) => any;
            info: {
                name: string;
                arguments: import("koffi").TypeObject[];
                result: import("koffi").TypeObject;
            };
        };
    };
    gate: Gate;
    /**
     * The text, and VENUE's copy freed.
     *
     * @param {Text} text
     */
    taken(text: Text): string;
    /**
     * Calls a function on another thread; its last argument, the error, is added here.
     *
     * @param {any} call
     * @param {any[]} given
     */
    run(call: any, given: any[]): Promise<void>;
    /**
     * @param {string} path
     * @param {number} flags
     * @param {string} now
     */
    create(path: string, flags: number, now: string): Promise<void>;
    /** @param {string} path */
    open(path: string): Promise<number | bigint>;
    /** @param {number | bigint} handle */
    close(handle: number | bigint): Promise<void>;
    /**
     * @param {number | bigint} handle
     * @param {string} name
     * @param {string} request
     */
    call(handle: number | bigint, name: string, request: string): Promise<string>;
}
/** @typedef {{ data: any, size: number }} Text */
/** @typedef {{ status: number, text: string }} Answer */
/** At most so many calls at once; the others wait in their order. */
declare class Gate {
    /** @param {number} free */
    constructor(free: number);
    free: number;
    /** @type {(() => void)[]} */
    waiting: (() => void)[];
    enter(): Promise<void>;
    leave(): void;
}
export {};
