/** Whoever reads a job's log gets the sentence that says what is wrong, without the places in the code. */
process.on("uncaughtException", ({ message }) => {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
});
