/** The error of an audit log that cannot be used. */
import { FileTrouble } from "../../fileTrouble.js";

/** The audit log cannot be used; the message names the file, the trouble and the ways on. */
export class AuditLogError extends Error {
  /** Whether another file, or other rights, would do. */
  readonly isUnwritable: boolean;

  constructor(path: string, trouble: string, options: ErrorOptions & { isUnwritable?: boolean } = {}) {
    super(`audit log ${path}: ${trouble}`, options);
    this.name = "AuditLogError";
    this.isUnwritable = options.isUnwritable ?? false;
  }
}

/** `ENOSPC: no space left on device`, without the call that said so. */
const said = (path: string, error: unknown): string => {
  if (error instanceof FileTrouble)
    return `${error.code}: ${error.path === path ? error.trouble : error.message}`;
  if (!(error instanceof Error)) return String(error);
  const { message, syscall } = error as NodeJS.ErrnoException;
  const call = syscall === undefined ? -1 : message.indexOf(`, ${syscall}`);
  return call === -1 ? message : message.slice(0, call);
};

/** What an error means for the log. @param doing what could not be done, such as `written`. */
export function auditLogError(path: string, error: unknown, doing = "written"): AuditLogError {
  if (error instanceof AuditLogError) return error;
  const trouble = `it cannot be ${doing} (${said(path, error)}).`;
  return new AuditLogError(path, trouble, { cause: error, isUnwritable: true });
}
