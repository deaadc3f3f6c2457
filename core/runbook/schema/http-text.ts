import { because, matching } from './scalars';

export const httpPath = () =>
  matching(
    /^\/[!-~]*$/,
    because(
      'UnsafeHttp',
      (shown) => `${shown} is not a path such as "/health": visible characters only, a slash first`,
    ),
  );

export const httpHost = () =>
  matching(
    /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[1-9]\d{0,4})?$/,
    because('UnsafeHttp', (shown) => `${shown} is not a host such as "shop.example.test"`),
  );

export const headerName = () =>
  matching(
    /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/,
    because('UnsafeHttp', (shown) => `${shown} is not the name of a header`),
  );

export const headerValue = () =>
  matching(
    /^[!-~](?:[ -~]*[!-~])?$/,
    because('UnsafeHttp', (shown) => `${shown} is not the value of a header: visible characters on one line`),
  );
