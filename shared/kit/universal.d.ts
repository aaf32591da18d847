/** The only platform names the law may speak beyond the language itself: pure, synchronous, the same everywhere. */
declare class URL {
  constructor(url: string, base?: string);
  readonly host: string;
  readonly hostname: string;
  readonly origin: string;
  readonly username: string;
  readonly password: string;
  readonly searchParams: URLSearchParams;
  hash: string;
  href: string;
  pathname: string;
  protocol: string;
  search: string;
  static canParse(url: string, base?: string): boolean;
}

/** The query of a URL. */
declare class URLSearchParams {
  constructor(init?: string | Record<string, string>);
  delete(name: string): void;
  get(name: string): string | null;
  set(name: string, value: string): void;
  toString(): string;
}
