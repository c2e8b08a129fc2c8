import * as openpgp from 'openpgp';

export default async () => {
  const { privateKey, publicKey } = await openpgp.generateKey({
    userIDs: [{ name: 'Ada', email: 'a@b.org' }],
    format: 'object',
  });
  const message = await openpgp.createMessage({ text: 'grüße' });
  const sealed = await openpgp.encrypt({ message, encryptionKeys: publicKey, signingKeys: privateKey });
  const { data, signatures } = await openpgp.decrypt({
    message: await openpgp.readMessage({ armoredMessage: sealed }),
    decryptionKeys: privateKey,
    verificationKeys: publicKey,
  });
  const password = await openpgp.encrypt({
    message: await openpgp.createMessage({ text: 'x' }),
    passwords: ['p'],
  });
  const wrong = await openpgp
    .decrypt({ message: await openpgp.readMessage({ armoredMessage: password }), passwords: ['q'] })
    .catch(() => 'refused');
  return {
    head: sealed.split('\n')[0].trim(),
    data,
    signed: await signatures[0].verified,
    wrong,
    user: publicKey.getUserIDs(),
  };
};
