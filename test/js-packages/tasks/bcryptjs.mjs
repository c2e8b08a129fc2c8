import bcrypt from 'bcryptjs';

export default async () => {
  const salt = '$2b$05$abcdefghijklmnopqrstuu';
  const hash = bcrypt.hashSync('pässwort', salt);
  return {
    hash,
    rounds: bcrypt.getRounds(hash),
    right: await bcrypt.compare('pässwort', hash),
    wrong: await bcrypt.compare('passwort', hash),
    made: bcrypt.genSaltSync(4).length,
    truncates: bcrypt.truncates('x'.repeat(73)),
  };
};
