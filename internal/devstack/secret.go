package devstack

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// secret is the one random value of a data folder; every password of the stack is derived from it, so that passwords
// survive a restart and differ between checkouts.
type secret []byte

func loadSecret(dir string) (secret, error) {
	path := filepath.Join(dir, "secret")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		raw := make([]byte, 32)
		rand.Read(raw) // never fails: crypto/rand ends the program instead
		text = []byte(hex.EncodeToString(raw))
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the secret of the stack: %w", err)
	}
	if len(text) != 64 {
		return nil, fmt.Errorf("the secret in %s is damaged: remove %s to start afresh", path, dir)
	}
	return secret(text), nil
}

// password derives the value for one purpose: 32 hexadecimal digits.
func (s secret) password(purpose string) string {
	mac := hmac.New(sha256.New, s)
	mac.Write([]byte(purpose))
	return hex.EncodeToString(mac.Sum(nil))[:32]
}
