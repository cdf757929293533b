import { capacitySignatures } from './capacity.ts';
import { codeSignatures } from './code.ts';
import { credentialSignatures } from './credentials.ts';
import { databaseSignatures } from './database.ts';
import { networkSignatures } from './network.ts';
import type { Signature } from './signature.ts';
import { startSignatures } from './start.ts';
import { storageSignatures } from './storage.ts';
import { symptomSignatures } from './symptoms.ts';
import { tlsSignatures } from './tls.ts';

/** Every known signature, the most telling first: where a message has several, the first of them explains the others. */
export const signatures = [
  ...storageSignatures,
  ...tlsSignatures,
  ...networkSignatures,
  ...credentialSignatures,
  ...startSignatures,
  ...capacitySignatures,
  ...databaseSignatures,
  ...symptomSignatures,
  ...codeSignatures,
] as const satisfies readonly Signature[];

export type SignatureId = (typeof signatures)[number]['id'];
