package devstack

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// npmPackage names one tarball of the npm registry and the only content that is accepted for it.
type npmPackage struct {
	name, version string
	integrity     string // as npm writes it: sha512-<base64>
}

// fetch makes sure that the unpacked package lies in cache and answers its folder. npm's own client fetches, so
// mirrors and proxies of .npmrc apply; no script of the package ever runs.
func (p npmPackage) fetch(ctx context.Context, cache string, env []string) (string, error) {
	folder := filepath.Join(cache, "npm", strings.NewReplacer("/", "-", "@", "").Replace(p.name)+"-"+p.version)
	if p.present(cache) {
		return folder, nil
	}
	if p.integrity == "" {
		return "", fmt.Errorf("no checksum is known for %s@%s", p.name, p.version)
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return "", fmt.Errorf("making the package cache: %w", err)
	}
	// Every fetch works in its own folder: two checkouts may fetch at the same time.
	work, err := os.MkdirTemp(filepath.Dir(folder), "fetch-")
	if err != nil {
		return "", fmt.Errorf("making a folder to fetch into: %w", err)
	}
	defer os.RemoveAll(work)
	tarball, err := p.pack(ctx, work, env)
	if err != nil {
		return "", err
	}
	part := filepath.Join(work, "package")
	if err := p.unpack(tarball, part); err != nil {
		return "", fmt.Errorf("unpacking %s@%s: %w", p.name, p.version, err)
	}
	if err := os.Chmod(part, 0o755); err != nil {
		return "", fmt.Errorf("opening %s to the database's user: %w", part, err)
	}
	if err := os.Rename(part, folder); err != nil && !p.present(cache) {
		return "", fmt.Errorf("placing %s@%s: %w", p.name, p.version, err)
	}
	return folder, nil
}

// present says whether the package is there whole: the folder is put in place by one rename.
func (p npmPackage) present(cache string) bool {
	_, err := os.Stat(filepath.Join(cache, "npm", strings.NewReplacer("/", "-", "@", "").Replace(p.name)+"-"+p.version))
	return err == nil
}

func (p npmPackage) pack(ctx context.Context, into string, env []string) (string, error) {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return "", fmt.Errorf("npm is needed to fetch %s: install Node.js, which brings it", p.name)
	}
	cmd := exec.CommandContext(ctx, npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", into, p.name+"@"+p.version)
	cmd.Dir, cmd.Env = into, env
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm pack %s@%s: %w\n%s", p.name, p.version, err, out)
	}
	found, err := filepath.Glob(filepath.Join(into, "*.tgz"))
	if err != nil || len(found) != 1 {
		return "", fmt.Errorf("npm pack %s@%s left no tarball", p.name, p.version)
	}
	return found[0], nil
}

// unpack checks the tarball against the pin, then unpacks it into the new folder.
func (p npmPackage) unpack(tarball, folder string) error {
	file, err := os.Open(tarball)
	if err != nil {
		return err
	}
	defer file.Close()
	sum := sha512.New()
	if _, err := io.Copy(sum, file); err != nil {
		return err
	}
	if got := "sha512-" + base64.StdEncoding.EncodeToString(sum.Sum(nil)); got != p.integrity {
		return fmt.Errorf("checksum is %s, expected %s", got, p.integrity)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := untar(file, folder); err != nil {
		return err
	}
	return symlinks(folder)
}

// untar unpacks regular files only, without the first path element, and nothing outside the folder.
func untar(from io.Reader, folder string) error {
	plain, err := gzip.NewReader(from)
	if err != nil {
		return err
	}
	archive := tar.NewReader(plain)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		_, name, ok := strings.Cut(header.Name, "/")
		if !ok || header.Typeflag != tar.TypeReg || !filepath.IsLocal(name) {
			continue
		}
		mode := os.FileMode(0o644)
		if header.Mode&0o111 != 0 {
			mode = 0o755
		}
		if err := writeFile(filepath.Join(folder, name), mode, archive); err != nil {
			return err
		}
	}
}

func writeFile(path string, mode os.FileMode, from io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, from); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}

// symlinks makes the links of the PostgreSQL packages: an npm tarball holds none, so a file lists them.
func symlinks(folder string) error {
	text, err := os.ReadFile(filepath.Join(folder, "native", "pg-symlinks.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(text, &links); err != nil {
		return fmt.Errorf("reading the list of links: %w", err)
	}
	for _, link := range links {
		if !filepath.IsLocal(link.Target) || !filepath.IsLocal(link.Source) {
			return fmt.Errorf("link %q points outside the package", link.Target)
		}
		target := filepath.Join(folder, link.Target)
		source, err := filepath.Rel(filepath.Dir(target), filepath.Join(folder, link.Source))
		if err != nil {
			return err
		}
		if err := os.Remove(target); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := os.Symlink(source, target); err != nil {
			return err
		}
	}
	return nil
}
