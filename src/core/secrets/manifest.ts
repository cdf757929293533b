const isSecret = /\bkind["'\\]{0,4}\s{0,4}:\s{0,4}["'\\]{0,4}secret\b/i;
const jsonData = /("(?:data|stringData)\\{0,3}"\s{0,4}:\s{0,4}\{)([^{}]{1,65536})(?=\})/g;
const jsonValue = /(:\s{0,4}\\{0,3}")([^"\\]{1,16384})/g;
const yamlData = /^\s{0,64}(?:data|stringData):\s{0,8}$/;
const yamlValue = /^(\s{1,64}(?:["']?[\w.-]{1,253}["']?:\s{1,8}["']?)?)([^\s"'|>#][^\s"'#]{0,16383})(?=["']?\s{0,8}$)/;

/** Replaces the values of a Secret that stands in a text as YAML or JSON, whatever they look like. */
export function replaceSecretData(text: string, mask: (value: string) => string): string {
  if (!isSecret.test(text)) return text;
  const json = text.replace(jsonData, (_, start: string, data: string) => {
    return start + data.replace(jsonValue, (_match, before: string, value: string) => before + mask(value));
  });
  let depth = -1;
  const lines = json.split('\n').map((line) => {
    const indent = line.search(/\S/);
    if (indent >= 0 && indent <= depth) depth = -1;
    const inside = depth >= 0;
    if (!inside && yamlData.test(line)) depth = indent;
    return inside ? line.replace(yamlValue, (_, before: string, value: string) => before + mask(value)) : line;
  });
  return lines.join('\n');
}
