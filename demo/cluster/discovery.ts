import { openApi } from './openapi.ts';
import { apiVersionOf, type Resource, servedResources } from './resources.ts';

const version = {
  major: '1',
  minor: '35',
  gitVersion: 'v1.35.4+simulated',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'linux/amd64',
};

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** What the server says about itself at `path`; undefined where it says nothing. */
export function discover(path: string): object | undefined {
  if (path === '/version') return version;
  if (path.startsWith('/openapi/')) return openApi(path);
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups().map(describeGroup) };
  const [, root, first = '', second] = path.split('/');
  if (root === 'api' && second === undefined) return listResources(first);
  if (root !== 'apis') return undefined;
  return second === undefined ? findGroup(first) : listResources(`${first}/${second}`);
}

function groups(): readonly string[] {
  return [...new Set(servedResources.map(({ group }) => group))].filter((group) => group !== '');
}

function findGroup(group: string): object | undefined {
  if (!groups().includes(group)) return undefined;
  return { kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(group) };
}

function describeGroup(name: string): object {
  const found = servedResources.find(({ group }) => group === name)?.version ?? 'v1';
  const preferred = { groupVersion: `${name}/${found}`, version: found };
  return { name, versions: [preferred], preferredVersion: preferred };
}

function listResources(groupVersion: string): object | undefined {
  const found = servedResources.filter((one) => apiVersionOf(one) === groupVersion);
  if (found.length === 0) return undefined;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: found.flatMap(describeResource) };
}

function describeResource(one: Resource): readonly object[] {
  const { plural: name, singular: singularName, namespaced, kind, shortNames } = one;
  const parts = [];
  if (one.hasStatus)
    parts.push({ name: `${name}/status`, singularName: '', namespaced, kind, verbs: ['get', 'patch', 'update'] });
  if (one.hasScale) parts.push({ name: `${name}/scale`, singularName: '', namespaced, ...scale });
  if (kind === 'Pod') parts.push(...podParts);
  return [{ name, singularName, namespaced, kind, verbs, shortNames }, ...parts];
}

const podParts = [
  { name: 'pods/log', singularName: '', namespaced: true, kind: 'Pod', verbs: ['get'] },
  { name: 'pods/resize', singularName: '', namespaced: true, kind: 'Pod', verbs: ['get', 'patch', 'update'] },
  {
    name: 'pods/eviction',
    singularName: '',
    namespaced: true,
    group: 'policy',
    version: 'v1',
    kind: 'Eviction',
    verbs: ['create'],
  },
];

const scale = { group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] };
