import got from 'got';
import { sandboxCredentials } from '../../src/sandbox/create-sandbox.ts';

/** A token of the vendor, with the credentials of the sandbox. It lasts longer than a bench. */
export async function fetchToken(url: string): Promise<string> {
  const json = { AppKey: sandboxCredentials.appKey, AppSecret: sandboxCredentials.appSecret };
  const issued = got.post(`${url}/oauth2/token`, { json });
  const { accessToken } = await issued.json<{ accessToken: string }>();
  return accessToken;
}
