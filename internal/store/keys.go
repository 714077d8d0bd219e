package store

import "time"

// A Passkey is a member's.
type Passkey struct {
	ID             []byte
	Member         int64
	Name           string
	Kept           []byte // as package keys made it
	MadeAt, UsedAt time.Time
}

const insertPasskey = `INSERT INTO passkey (id, member, name, kept, made_at, used_at) VALUES ($1, $2, $3, $4, $5, 0)`

// AddPasskey keeps a new passkey.
func (tx *Tx) AddPasskey(p Passkey) error {
	return tx.must(insertPasskey, p.ID, p.Member, p.Name, string(p.Kept), micros(tx.Now))
}

const passkeyColumns = `id, member, name, kept, made_at, used_at`
const passkeysOf = `SELECT ` + passkeyColumns + ` FROM passkey WHERE member = $1 ORDER BY made_at, id`
const passkey = `SELECT ` + passkeyColumns + ` FROM passkey WHERE id = $1`

func scanPasskey(row scanner) (p Passkey, err error) {
	var made, used int64
	var kept string
	err = row.Scan(&p.ID, &p.Member, &p.Name, &kept, &made, &used)
	p.Kept, p.MadeAt, p.UsedAt = []byte(kept), instant(made), instant(used)
	return p, err
}

// Passkeys lists a member's, the oldest first.
func (q *Query) Passkeys(member int64) ([]Passkey, error) {
	return many(q, passkeysOf, args(member), scanPasskey)
}

// Passkey returns the one of that id.
func (q *Query) Passkey(id []byte) (Passkey, bool, error) {
	return first(many(q, passkey, args(id), scanPasskey))
}

const usePasskey = `UPDATE passkey SET kept = $2, used_at = $3 WHERE id = $1`

// UsePasskey keeps what became of a passkey by its use.
func (tx *Tx) UsePasskey(id, kept []byte) error {
	return tx.must(usePasskey, id, string(kept), micros(tx.Now))
}

const deletePasskey = `DELETE FROM passkey WHERE id = $1 AND member = $2`

// DeletePasskey removes a member's passkey, and reports whether it was there.
func (tx *Tx) DeletePasskey(id []byte, member int64) (bool, error) {
	n, err := tx.exec(deletePasskey, id, member)
	return n == 1, err
}

// A Password is a member's, with the key of its codes sealed under it.
type Password struct {
	Member int64
	Hash   string
	Code   []byte
	Step   int64 // of the last code that was taken
	MadeAt time.Time
}

const password = `SELECT member, hash, code, step, made_at FROM password WHERE member = $1`

// Password returns a member's password.
func (q *Query) Password(member int64) (Password, bool, error) {
	return first(many(q, password, args(member), func(row scanner) (p Password, err error) {
		var at int64
		err = row.Scan(&p.Member, &p.Hash, &p.Code, &p.Step, &at)
		p.MadeAt = instant(at)
		return p, err
	}))
}

const putPassword = `
	INSERT INTO password (member, hash, code, step, made_at) VALUES ($1, $2, $3, $4, $5)
	    ON CONFLICT (member) DO UPDATE SET hash = excluded.hash, code = excluded.code, step = excluded.step, made_at = excluded.made_at`

// PutPassword keeps a member's password in place of the one before.
func (tx *Tx) PutPassword(p Password) error {
	return tx.must(putPassword, p.Member, p.Hash, p.Code, p.Step, micros(tx.Now))
}

const takeStep = `UPDATE password SET step = $3 WHERE member = $1 AND hash = $2 AND step < $3`

// TakeStep takes a code, once, and reports false if it was taken before or the password is
// another one by now.
func (tx *Tx) TakeStep(p Password, step int64) (bool, error) {
	n, err := tx.exec(takeStep, p.Member, p.Hash, step)
	return n == 1, err
}

const deletePassword = `DELETE FROM password WHERE member = $1`
const deleteRecovery = `DELETE FROM recovery WHERE member = $1`
const deletePasskeys = `DELETE FROM passkey WHERE member = $1`

// DeletePassword removes a member's password, with its codes.
func (tx *Tx) DeletePassword(member int64) error {
	if _, err := tx.exec(deletePassword, member); err != nil {
		return err
	}
	_, err := tx.exec(deleteRecovery, member)
	return err
}

// DeleteKeys removes all by which a member can sign in, and ends every session.
func (tx *Tx) DeleteKeys(member int64) error {
	for _, sql := range []string{deletePasskeys, endSessions, endLinks} {
		if _, err := tx.exec(sql, member); err != nil {
			return err
		}
	}
	return tx.DeletePassword(member)
}

const insertRecovery = `INSERT INTO recovery (hash, member, made_at) VALUES ($1, $2, $3)`

// SetRecovery keeps the hashes of a member's recovery codes in place of those before.
func (tx *Tx) SetRecovery(member int64, hashes [][]byte) error {
	if _, err := tx.exec(deleteRecovery, member); err != nil {
		return err
	}
	for _, h := range hashes {
		if err := tx.must(insertRecovery, h, member, micros(tx.Now)); err != nil {
			return err
		}
	}
	return nil
}

const useRecovery = `DELETE FROM recovery WHERE hash = $1 AND member = $2`

// UseRecovery takes a recovery code, once, and reports whether it was there.
func (tx *Tx) UseRecovery(hash []byte, member int64) (bool, error) {
	n, err := tx.exec(useRecovery, hash, member)
	return n == 1, err
}

const countRecovery = `SELECT count(*) FROM recovery WHERE member = $1`

// RecoveryLeft is how many recovery codes a member has left.
func (q *Query) RecoveryLeft(member int64) (n int, err error) {
	_, err = q.one(countRecovery, args(member), &n)
	return n, err
}

const forgetCeremonies = `DELETE FROM ceremony WHERE ends_at <= $1`
const countCeremonies = `SELECT count(*) FROM ceremony`
const insertCeremony = `INSERT INTO ceremony (hash, kept, ends_at) VALUES ($1, $2, $3)`

// AddCeremony keeps what was asked of a device until it answers. Those that are over go;
// it returns how many others wait.
func (tx *Tx) AddCeremony(hash, kept []byte, ends time.Time) (waiting int, err error) {
	if _, err := tx.exec(forgetCeremonies, micros(tx.Now)); err != nil {
		return 0, err
	}
	if _, err := tx.one(countCeremonies, nil, &waiting); err != nil {
		return 0, err
	}
	return waiting, tx.must(insertCeremony, hash, string(kept), micros(ends))
}

const takeCeremony = `DELETE FROM ceremony WHERE hash = $1 RETURNING kept, ends_at`

// TakeCeremony returns what was asked, once, if it is not over.
func (tx *Tx) TakeCeremony(hash []byte) (kept []byte, ok bool, err error) {
	var text string
	var ends int64
	ok, err = tx.one(takeCeremony, args(hash), &text, &ends)
	return []byte(text), ok && micros(tx.Now) < ends, err
}

const forgetAttempts = `DELETE FROM attempt WHERE at <= $1`
const countAttempts = `SELECT count(*) FROM attempt WHERE account = $1`
const insertAttempt = `INSERT INTO attempt (account, at) VALUES ($1, $2) RETURNING id`

// AddAttempt counts a sign-in as failed until it succeeds, unless as many as most were
// since a time: then it returns 0.
func (tx *Tx) AddAttempt(account []byte, since time.Time, most int) (id int64, err error) {
	if _, err := tx.exec(forgetAttempts, micros(since)); err != nil {
		return 0, err
	}
	n := 0
	if _, err := tx.one(countAttempts, args(account), &n); err != nil || n >= most {
		return 0, err
	}
	_, err = tx.one(insertAttempt, args(account, micros(tx.Now)), &id)
	return id, err
}

const deleteAttempt = `DELETE FROM attempt WHERE id = $1 AND account = $2`

// EndAttempt takes an attempt out of the count: it succeeded.
func (tx *Tx) EndAttempt(id int64, account []byte) error {
	_, err := tx.exec(deleteAttempt, id, account)
	return err
}
