import { createColors } from "picocolors";

/** Colours on a terminal that wants them; a CI system is none, whatever its variables say. */
const on = ({ isTTY }: NodeJS.WriteStream) => createColors(isTTY === true && !process.env.NO_COLOR);

/** For what goes to standard output. */
export const resultColours = on(process.stdout);
/** For what goes to standard error. */
export const remarkColours = on(process.stderr);
