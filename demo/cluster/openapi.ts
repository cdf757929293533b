import { apiVersionOf, type Resource, servedResources } from './resources.ts';

/** Just enough of OpenAPI for kubectl to see that the server checks fields itself. */
export function openApi(path: string): object | undefined {
  if (path === '/openapi/v3') return { paths: Object.fromEntries(places().map((place) => [place, url(place)])) };
  const place = path.slice('/openapi/v3/'.length);
  if (!path.startsWith('/openapi/v3/') || !places().includes(place)) return undefined;
  const found = servedResources.filter((one) => placeOf(one) === place);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.35.4' },
    paths: Object.fromEntries(found.map((one) => [objectPath(one), { patch: patchOf(one) }])),
  };
}

function places(): readonly string[] {
  return [...new Set(servedResources.map((one) => placeOf(one)))];
}

function placeOf(one: Resource): string {
  return `${one.group === '' ? 'api' : 'apis'}/${apiVersionOf(one)}`;
}

function url(place: string): object {
  return { serverRelativeURL: `/openapi/v3/${place}` };
}

function objectPath(one: Resource): string {
  return `/${placeOf(one)}/${one.namespaced ? 'namespaces/{namespace}/' : ''}${one.plural}/{name}`;
}

function patchOf({ group, version, kind }: Resource): object {
  return {
    parameters: [{ name: 'fieldValidation', in: 'query', schema: { type: 'string', uniqueItems: true } }],
    responses: { 200: { description: 'OK' } },
    'x-kubernetes-action': 'patch',
    'x-kubernetes-group-version-kind': { group, version, kind },
  };
}
