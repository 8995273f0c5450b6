-- The hash of a password that an admin has typed for this person, as it stood in their account (src/worker/people.ts). NULL: none was. Such an account joins no second workspace before its password is another one.
ALTER TABLE user ADD COLUMN givenPassword TEXT;
-- Of before: every password that was never changed, but that of the first person, who chose it at set-up, and those of the demo people. Whoever has joined by an invitation meanwhile cannot be told apart and changes theirs once more.
UPDATE user SET givenPassword = (SELECT a.password FROM account a WHERE a.userId = user.id AND a.providerId = 'credential' AND julianday(a.updatedAt) - julianday(a.createdAt) < 1.0 / 86400) WHERE email NOT LIKE '%@demo.invalid' AND id <> (SELECT id FROM user ORDER BY createdAt, rowid LIMIT 1);
