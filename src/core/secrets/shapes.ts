/** A form that secrets have. */
export interface Shape {
  /** For the placeholder. */
  readonly kind: string;
  /** Small letters; a text without any of them cannot match. Empty: it is always tried. */
  readonly marks: readonly string[];
  /** With groups, the first stays and the second is the secret; without, the whole match is. Every quantifier is bounded. */
  readonly pattern: RegExp;
}

/**
 * Tokens that are secrets wherever they stand, by the prefixes that their makers publish (collected by gitleaks, config/gitleaks.toml; the patterns are
 * ours and wider, because here a miss is worse than a false hit).
 */
const tokens: readonly Shape[] = [
  {
    kind: 'private-key',
    marks: ['private key'],
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----)){0,16384}(?:-----END [A-Z0-9 ]{0,40}-----)?/g,
  },
  {
    kind: 'github-token',
    marks: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{20,255})/g,
  },
  {
    kind: 'gitlab-token',
    marks: [
      'glpat-',
      'gldt-',
      'glptt-',
      'glrt-',
      'glcbt-',
      'glft-',
      'glimt-',
      'glagent-',
      'gloas-',
      'glsoat-',
      'glffct-',
      'gr1348941',
    ],
    pattern: /\b(?:gl(?:pat|dt|ptt|rt|cbt|ft|imt|agent|oas|soat|ffct)-[\w.-]{20,300}|GR1348941[\w-]{20,64})/g,
  },
  {
    kind: 'slack-token',
    marks: ['xox', 'xapp-'],
    pattern: /\b(?:xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{8,255}|xapp-\d-[A-Za-z0-9-]{8,255})/g,
  },
  {
    kind: 'webhook-url',
    marks: ['hooks.slack', 'webhook.office.com', '/api/webhooks/'],
    pattern:
      /(hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/|webhook\.office\.com\/webhookb2\/|discord(?:app)?\.com\/api\/webhooks\/)([\w@/+-]{8,255})/g,
  },
  {
    kind: 'aws-key',
    marks: ['akia', 'asia', 'abia', 'acca', 'a3t', 'absk'],
    pattern: /\b(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}\b|\bABSK[A-Za-z0-9+/]{60,400}={0,2}/g,
  },
  {
    kind: 'google-key',
    marks: ['aiza', 'gocspx-', 'ya29.'],
    pattern: /\b(?:AIza[\w-]{35}|GOCSPX-[\w-]{20,64}|ya29\.[\w.-]{20,1024})/g,
  },
  { kind: 'azure-secret', marks: ['q~'], pattern: /(?<![\w~.])[A-Za-z0-9_~.]{3}\dQ~[\w~.-]{31,34}/g },
  {
    kind: 'stripe-key',
    marks: ['k_live_', 'k_test_', 'k_prod_', 'whsec_'],
    pattern: /\b(?:[rs]k_(?:live|test|prod)_[A-Za-z0-9]{10,255}|whsec_[A-Za-z0-9+/]{20,128}={0,2})/g,
  },
  { kind: 'npm-token', marks: ['npm_'], pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { kind: 'pypi-token', marks: ['pypi-'], pattern: /\bpypi-[\w-]{50,1024}/g },
  { kind: 'sendgrid-key', marks: ['sg.'], pattern: /\bSG\.[\w-]{16,64}\.[\w-]{16,128}/g },
  { kind: 'twilio-key', marks: [], pattern: /\bSK[0-9a-f]{32}\b/g },
  {
    kind: 'api-key',
    marks: ['sk-', 'hf_', 'gsk_', 'r8_', 'pplx-', 'xai-'],
    pattern:
      /\b(?:sk-(?=[\w-]{0,64}\d)[\w-]{20,255}|hf_[A-Za-z]{30,40}\b|gsk_\w{40,64}|r8_\w{37,40}|pplx-\w{48}|xai-\w{60,100})/g,
  },
  {
    kind: 'cloud-token',
    marks: [
      '_v1_',
      'dapi',
      'hvs.',
      'hvb.',
      'hvr.',
      'glsa_',
      'glc_',
      'dt0c01.',
      'dckr_pat_',
      'dckr_oat_',
      'sha256~',
      'pul-',
      'akcp',
      'age-secret-key-',
      '.atlasv1.',
    ],
    pattern:
      /\b(?:do[opr]_v1_[a-f0-9]{64}|dapi[a-f0-9]{32}|hv[sbr]\.[\w-]{20,512}|gl(?:sa|c)_[\w+/]{32,400}={0,2}|dt0c01\.[A-Z0-9]{24}\.[A-Z0-9]{64}|dckr_[op]at_[\w-]{20,64}|sha256~[\w-]{43}|pul-[a-f0-9]{40}|AKCp[A-Za-z0-9]{60,80}|AGE-SECRET-KEY-1[A-Z0-9]{58}|[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70})/g,
  },
  {
    kind: 'vendor-token',
    marks: [
      'shpat_',
      'shpca_',
      'shppa_',
      'shpss_',
      'sntry',
      'nrak-',
      'nrii-',
      'lin_api_',
      'pmak-',
      'rubygems_',
      'key-',
      ':aa',
      'atatt3',
      'atbb',
      'eaaa',
      'sq0',
      'dp.pt.',
      'dp.st.',
    ],
    pattern:
      /\b(?:shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}|sntry[su]_[\w+/=]{32,400}|NR(?:AK|II)-[\w-]{27,40}|lin_api_[A-Za-z0-9]{40}|PMAK-[a-f0-9]{24}-[a-f0-9]{34}|rubygems_[a-f0-9]{48}|key-[a-f0-9]{32}|\d{8,10}:AA[\w-]{33}|AT(?:ATT3|BB)[\w=-]{24,255}|EAAA[\w-]{56,60}|sq0[a-z]{3}-[\w-]{22,60}|dp\.[ps]t\.[A-Za-z0-9]{40,44})/g,
  },
  {
    // RFC 7519; the account tokens of Kubernetes are such. Begins at the beginning of a run only, so that a run is read once.
    kind: 'jwt',
    marks: ['eyj'],
    pattern: /(?<![\w-])eyJ[\w-]{8,4096}\.(?:[\w-]{8,8192}(?:\.[\w-]{0,4096}){0,3})/g,
  },
];

/** Where the place says that it is a secret. */
const places: readonly Shape[] = [
  {
    // A password may hold an @ or, where no port stands there, a slash.
    kind: 'password',
    marks: ['://', 'thin:'],
    pattern:
      /(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@[\]"'<>]{0,128}:)((?!\d{1,5}(?:[/?#\s"',;)\]]|$))(?:[^\s/?#"'<>]{1,256}(?=@)|[^\s"'<>@]{1,128}(?=@[\w.[])))/gi,
  },
  {
    kind: 'token',
    marks: ['://'],
    pattern: /(\b[a-z][a-z0-9+.-]{0,30}:\/\/)((?=[^\s@]{0,255}\d)[^\s:/@[\]"'<>]{20,256})(?=@(?!sha256:)[\w.])/gi,
  },
  {
    kind: 'password',
    marks: ['@tcp(', '@unix('],
    pattern: /(\b(?!redacted:)[\w.-]{1,64}:)([^\s@:"']{1,128})(?=@(?:tcp|unix)\()/g,
  },
  { kind: 'password', marks: ['thin:'], pattern: /(\bthin:[\w.$-]{1,64}\/)([^\s@]{1,128})(?=@)/gi },
  {
    // Without the name of a scheme it takes a digit: `may require authorization: server message` is how a pull of an image fails.
    kind: 'authorization',
    marks: ['authorization'],
    pattern:
      /(\bauthorization[\\"']{0,4}[ \t]{0,4}[:=][ \t]{0,4}[\\"'[]{0,4}(?:(?:bearer|basic|token|digest|negotiate|apikey|api-token|key|aws4-hmac-sha256)[ \t]{1,4}|(?=[^\s"']{0,64}\d)))([^\s"'\\\],;}]{4,4096})/gi,
  },
  {
    kind: 'authorization',
    marks: ['bearer'],
    pattern: /(\bbearer[ \t]{1,4}["']?)((?=[^\s"']{0,64}[\d.~+/=_-])[\w.~+/-]{12,4096}={0,2})/gi,
  },
  {
    kind: 'authorization',
    marks: ['basic'],
    pattern: /(\bbasic[ \t]{1,4})((?=[A-Za-z]{0,32}[A-Z\d=])[A-Za-z0-9+/]{12,1024}={0,2})/g,
  },
  {
    kind: 'authorization',
    marks: ['basic'],
    pattern: /(\bBasic[ \t]{1,4})((?=[A-Za-z]{0,32}[A-Z\d=])[A-Za-z0-9+/]{8,1024}={0,2})/g,
  },
  {
    kind: 'cookie',
    marks: ['cookie'],
    pattern: /(\b(?:set-)?cookie[\\"']{0,4}[ \t]{0,4}:[ \t]{0,4}[\\"'[]{0,4})([\w.-]{1,128}=[^\n"'\\]{1,4096})/gi,
  },
  {
    kind: 'session',
    marks: ['session', 'sessid', 'connect.sid'],
    pattern: /(\b(?:j?session_?id|phpsessid|connect\.sid)=)([^\s;,&"'\]}]{8,512})/gi,
  },
  {
    kind: 'azure-key',
    marks: ['accountkey=', 'sharedaccess'],
    pattern: /(\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)=)([^\s;"']{8,1024})/gi,
  },
  {
    kind: 'signature',
    marks: ['sig=', 'signature='],
    pattern: /([?&;](?:sig|signature|x-amz-signature|x-goog-signature)=)([\w%+/=.-]{16,1024})/gi,
  },
  {
    kind: 'password',
    marks: ['password', 'pwd'],
    pattern: /(;[ \t]{0,2}(?:password|pwd)[ \t]{0,2}=[ \t]{0,2})([^;"'\n]{1,128})(?=;|"|'|$)/gim,
  },
  {
    kind: 'password',
    marks: ['requirepass', 'masterauth'],
    pattern: /(\b(?:requirepass|masterauth)[ \t]{1,4}["']?)([^\s"']{1,512})/g,
  },
  {
    kind: 'password',
    marks: ['identified', 'password'],
    pattern: /(\b(?:identified by|password)[ \t]{1,4}')([^'\n]{1,256})(?=')/gi,
  },
  {
    kind: 'password',
    marks: ['--user', '-u'],
    pattern: /(\s(?:-u|--user)[ =]{1,4}["']?[^\s:"']{0,64}:["']?)([^\s"']{1,256})/g,
  },
  {
    kind: 'password',
    marks: ['login'],
    pattern: /(\blogin[ \t]{1,4}\S{1,128}[ \t]{1,4}password[ \t]{1,4})(\S{1,256})/g,
  },
];

const shapes: readonly Shape[] = [...tokens, ...places];

const anyMark = new RegExp(
  shapes
    .flatMap(({ marks }) => marks)
    .map((mark) => mark.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join('|'),
  'g',
);

/** The shapes that a text may have, by one look for all of their marks; `folded`: the text in small letters. */
export function shapesIn(folded: string): readonly Shape[] {
  const found = new Set(folded.match(anyMark));
  return shapes.filter(({ marks }) => marks.length === 0 || marks.some((mark) => found.has(mark)));
}
