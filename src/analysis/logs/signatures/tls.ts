import type { Signature } from './signature.ts';

/** Certificates and the handshake. */
export const tlsSignatures = [
  {
    id: 'certificate-expired',
    class: 'credentials',
    patterns: [
      /"https?:\/\/(?<host>[\w.:-]{1,120})[^\n]{0,200}: certificate has expired/,
      /certificate has expired|\bCERT_HAS_EXPIRED\b/i,
      /certificate expired\b/i,
      /CertificateExpiredException|\bNotTimeValid\b/,
    ],
    cause: 'A certificate has expired: that of {host|the other side, or its own}.',
    next: 'Renew it, see why it was not renewed in time (`kubectl get certificate -A` where cert-manager does that), and restart what still has the old one loaded.',
  },
  {
    id: 'certificate-name',
    class: 'config',
    patterns: [
      /certificate is valid for [^\n"]{1,160}, not (?<host>[\w.*-]{1,200})/,
      /does not match certificate's altnames: Host: (?<host>[\w-]{1,63}(?:\.[\w-]{1,63}){0,8})/,
      /No subject alternative (?:DNS name|names) matching (?:IP address )?(?<host>[\w.:-]{1,200}) found/,
      /certificate is not valid for '(?<host>[^'\n]{1,200})'/,
      /hostname '(?<host>[^'\n]{1,200})' doesn't match/,
      /no alternative certificate subject name matches target host ?name '(?<host>[^'\n]{1,200})'/,
      /ERR_TLS_CERT_ALTNAME_INVALID|RemoteCertificateNameMismatch|Hostname mismatch, certificate/,
    ],
    cause: 'The certificate that it is shown was not issued for {host|the name that it calls}.',
    next: 'Call the other side by a name that stands in its certificate, or have one issued that holds this name.',
  },
  {
    id: 'certificate-untrusted',
    class: 'config',
    patterns: [
      /"https?:\/\/(?<host>[\w.:-]{1,120})[^\n]{0,200}: certificate signed by unknown authority/,
      /certificate signed by unknown authority/,
      /unable to verify the first certificate|\bUNABLE_TO_VERIFY_LEAF_SIGNATURE\b/,
      /\b(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN)\b|self[- ]signed certificate/i,
      /PKIX path building failed/,
      /unable to get (?:local )?issuer certificate/i,
      /CERTIFICATE_VERIFY_FAILED|certificate verify failed/i,
      /remote certificate is invalid|\bUntrustedRoot\b|alert unknown ca\b/i,
    ],
    cause: 'It does not trust the certificate of {host|the other side}.',
    next: 'Give it the CA that issued that certificate (a mounted CA bundle, SSL_CERT_FILE, NODE_EXTRA_CA_CERTS, a trust store); see whether the CA was changed lately.',
  },
  {
    id: 'tls-one-sided',
    class: 'config',
    patterns: [
      /server gave HTTP response to HTTPS client/,
      /client sent an HTTP request to an HTTPS server/i,
      /plain HTTP request was sent to HTTPS port/i,
      /first record does not look like a TLS handshake/,
      /not an SSL\/TLS record|wrong version number|WRONG_VERSION_NUMBER/i,
      /SSL off\b[^\n]{0,40}|server does not support SSL/,
    ],
    cause: 'One side of a connection speaks TLS and the other does not.',
    next: 'Compare scheme and port on both sides (http or https, sslmode), and what a proxy between them adds.',
  },
  {
    id: 'tls-handshake',
    class: 'config',
    patterns: [
      /handshake[_ ]failure|SSLHandshakeException|tls: (?:no supported|protocol version|bad certificate)/i,
      /no protocols available|unsupported protocol version|ERR_SSL_/i,
      /certificate required|tls: client didn't provide a certificate/i,
    ],
    cause: 'The TLS handshake with the other side fails.',
    next: 'Compare TLS versions and ciphers of both sides, and whether the other side asks for a client certificate.',
  },
] as const satisfies readonly Signature[];
