import type { HygieneCheck } from './check.ts';

export const floatingImage: HygieneCheck = {
  id: 'floating-image',
  title: 'images are not pinned to a version',
  why: 'A restart may bring another version, and a rollback may not bring the old one back.',
  find: ({ workloads }) =>
    workloads.flatMap(({ ref, containers }) => {
      const images = containers.map(({ image }) => image).filter(isFloating);
      return images.length === 0 ? [] : [{ subject: ref, detail: [...new Set(images)].join(', ') }];
    }),
};

/** Without a tag or a digest, or with the tag `latest`. A colon before the last slash is the port of a registry. */
function isFloating(image: string): boolean {
  if (image === '' || image.includes('@')) return false;
  const [, tag] = (image.split('/').at(-1) ?? '').split(':');
  return tag === undefined || tag === 'latest';
}
