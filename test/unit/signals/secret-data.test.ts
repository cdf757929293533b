import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { neededRights } from '../../../src/composition/rights.ts';
import { actions } from '../../../src/ops/actions/index.ts';
import { readInventory } from '../../../src/signals/inventory.ts';
import { chooseSources } from '../../../src/signals/sources/index.ts';

const secret = ['planted', 'in', 'the', 'data', 'k3Vd9sQ1'].join('-');
const encoded = Buffer.from(secret).toString('base64');
const everything = ['secrets', '*'];

describe('the right to read Secrets', () => {
  it('is asked for by nothing unless certificates are to be watched', () => {
    const asked = neededRights({ watchCertificates: false }).filter(({ resource }) => everything.includes(resource));
    expect(asked).toEqual([]);
  });

  it('is then asked for by the one source that reads only those of the TLS type, and never to write', () => {
    const [rule, ...more] = neededRights({ watchCertificates: true }).filter(({ resource }) =>
      everything.includes(resource),
    );
    expect([rule?.resource, rule?.verbs, more]).toEqual(['secrets', ['get', 'list', 'watch'], []]);
    const readers = chooseSources({ watchCertificates: true }).filter((source) => source.rbac.resource === 'secrets');
    expect(readers.map(({ kind, fieldSelector }) => [kind, fieldSelector])).toEqual([
      ['certificate', 'type=kubernetes.io/tls'],
    ]);
  });

  it.each(actions.map((action) => [action.id, action.rbac] as const))('is not asked for by %s', (_id, rbac) => {
    expect(rbac.filter(({ resource }) => everything.includes(resource) || resource.startsWith('secrets/'))).toEqual([]);
  });
});

describe('of the data of a Secret or a ConfigMap', () => {
  const raw = {
    kind: 'Secret',
    metadata: {
      name: 'db',
      namespace: 'shop',
      uid: 'uid-db',
      creationTimestamp: '2026-03-01T10:00:00Z',
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data: { a: encoded, b: secret } }),
      },
      ownerReferences: [{ kind: 'Deployment', name: 'web', uid: 'uid-web', controller: true }],
    },
    type: 'kubernetes.io/tls',
    data: { 'tls.key': encoded, password: encoded, plain: secret },
    stringData: { password: secret },
    binaryData: { blob: encoded },
    revision: 1,
  };

  it.each(chooseSources({ watchCertificates: true }).map((source) => [source.id, source] as const))(
    'nothing is kept by the source of %s',
    (_id, source) => {
      const kept = JSON.stringify(source.slim(raw)) ?? '';
      expect(kept).not.toContain(secret);
      expect(kept).not.toContain(encoded);
    },
  );

  it('only names and dates of the public certificate are kept', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'shop.example.com' }]);
    const [certificates] = chooseSources({ watchCertificates: true }).filter(({ kind }) => kind === 'certificate');
    const data = { 'tls.crt': Buffer.from(cert).toString('base64'), 'tls.key': Buffer.from(key).toString('base64') };
    const kept = certificates?.slim({ ...raw, data });
    expect(kept).toMatchObject({ object: { name: 'db', expiresAt: expect.any(Number) } });
    expect(Object.keys(kept?.object ?? {}).toSorted()).toEqual(
      ['createdAt', 'expiresAt', 'issuer', 'name', 'names', 'namespace', 'uid'].toSorted(),
    );
  });

  it('nothing is kept by the inventory', async () => {
    const inventory = await readInventory(
      { list: async () => [{ ...raw, kind: 'ConfigMap', metadata: { ...raw.metadata, ownerReferences: [] } }] },
      { namespaces: [], except: [] },
    );
    expect(inventory.configMaps).toEqual([{ kind: 'ConfigMap', namespace: 'shop', name: 'db' }]);
    expect(JSON.stringify(inventory)).not.toMatch(new RegExp(`${secret}|${encoded}`));
  });
});
