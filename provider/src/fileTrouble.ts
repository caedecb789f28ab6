/**
 * What can be wrong with a file of this package's own, and how long a file system may take: `FileTrouble`, `inTime`.
 */
import { FILE_PATIENCE_MS } from "./waits.js";

/** A file or a folder cannot be used as it is; the message names it, what is wrong, and what to do. */
export class FileTrouble extends Error {
  /** What is wrong and what to do, without the path. */
  readonly trouble: string;

  /**
   * @param path which one it is.
   * @param code what the system says of such trouble, such as `ELOOP`.
   * @param reason what is wrong with it, such as `it is a link`.
   * @param remedy what to do, in a sentence without its end.
   */
  constructor(
    readonly path: string,
    readonly code: string,
    readonly reason: string,
    remedy: string,
  ) {
    const trouble = `${reason}. ${remedy}`;
    super(`${path}: ${trouble}`);
    this.name = "FileTrouble";
    this.trouble = trouble;
  }
}

let hanging = 0;

/**
 * Does something with a file, and gives up waiting when the file system does not answer. What was given up may still
 * come about; it is told, so that it can take back what nobody expects any more.
 *
 * @throws FileTrouble when it takes longer than `FILE_PATIENCE_MS`.
 */
export async function inTime<T>(path: string, operation: (isLate: () => boolean) => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let late = false;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late = true;
      hanging += 1;
      const seconds = FILE_PATIENCE_MS / 1_000;
      reject(
        new FileTrouble(
          path,
          "ETIMEDOUT",
          `the file system has not answered for ${seconds} s`,
          "Look whether the disk, or the server behind it, is still there. What was to be written may lie beside it in part, under a name that ends in .tmp",
        ),
      );
    }, FILE_PATIENCE_MS);
  });
  const running = operation(() => late).finally(() => {
    if (late) hanging -= 1;
  });
  try {
    return await Promise.race([running, patience]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether something that was given up still hangs: Node then waits for it before a process ends, for ever. */
export const isAnyHanging = (): boolean => hanging > 0;
