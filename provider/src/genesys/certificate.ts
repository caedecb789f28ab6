// What is wrong with a server's certificate, and what to do about it: waiting does not help.

/** Node's codes for a certificate that it does not take, OpenSSL's included. */
const REFUSED = /CERT|ISSUER|LEAF_SIGNATURE|HOSTNAME_MISMATCH|_CRL|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH/;
const WRONG_HOST = /ALTNAME|HOSTNAME_MISMATCH/;
const WRONG_TIME = /EXPIRED|NOT_YET_VALID/;
/** Signed by an authority that this machine does not know. */
const UNKNOWN_AUTHORITY = /ISSUER|LEAF_SIGNATURE|SELF_SIGNED|UNTRUSTED/;

/**
 * What to do about a certificate that was not taken; `undefined` where a connection failed for another reason.
 *
 * @param places what says where the connection goes, such as `the address`.
 */
export function certificateAdvice(code: string, places: string): string | undefined {
  if (!REFUSED.test(code)) return undefined;
  if (UNKNOWN_AUTHORITY.test(code))
    return "The certificate is signed by an authority that is not known here, as behind a proxy that looks into TLS: set NODE_EXTRA_CA_CERTS to the file (PEM) with that authority's certificate.";
  if (WRONG_TIME.test(code)) return "The certificate is not valid today: check the clock of this machine.";
  if (WRONG_HOST.test(code)) return `The certificate is for another host name: check ${places}.`;
  return `The certificate cannot be accepted: check ${places}.`;
}
