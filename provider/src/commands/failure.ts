/** A command that did not do what it is for; the message says why and what to do. Exit code 1. */
export class CommandError extends Error {}
