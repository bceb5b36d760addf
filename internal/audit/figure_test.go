package audit_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/restartix/platform/internal/audit"
)

// tamper is one way to change a chain of 60 rows at one of 20 places, with all rights on the tables but without the
// keys. Rows come back in order of their numbers.
type tamper struct {
	kind  string
	apply func(rows []audit.Row, place int) []audit.Row
}

func tampers(t *testing.T) []tamper {
	attacker := newKeys(t) // names its key row-1 like everybody's first key
	rechain := func(rows []audit.Row, from int) []audit.Row {
		prev := audit.GenesisHash
		for i := range rows {
			rows[i].Seq = int64(i + 1)
			if i >= from {
				if err := attacker.Chain(&rows[i], prev); err != nil {
					t.Fatal(err)
				}
			}
			prev = rows[i].RowMAC
		}
		return rows
	}
	return []tamper{
		{"edit", func(r []audit.Row, p int) []audit.Row { r[p*3].Reason = "nothing happened"; return r }},
		{"delete middle", func(r []audit.Row, p int) []audit.Row { return slices.Delete(r, p*2+1, p*2+2) }},
		{"delete tail", func(r []audit.Row, p int) []audit.Row { return r[:len(r)-1-p] }},
		{"delete all", func([]audit.Row, int) []audit.Row { return nil }},
		{"reorder", func(r []audit.Row, p int) []audit.Row { return exchangeNumbers(r, p, p+20) }},
		{"insert", func(r []audit.Row, p int) []audit.Row {
			forged := r[p*3]
			forged.ID = uuid.New()
			return rechain(slices.Insert(r, p*3, forged), len(r)+1)
		}},
		{"duplicate", func(r []audit.Row, p int) []audit.Row { return slices.Insert(r, p*3, r[p*3]) }},
		{"rewrite whole chain", func(r []audit.Row, p int) []audit.Row {
			return rechain(slices.Delete(r, p, p+1), 0)
		}},
	}
}

// judge is a verifier; the planted ones below are others.
type judge func(org uuid.UUID, rows []audit.Row, anchors []audit.Anchor) audit.Finding

// specimen is an untouched chain of one clinic with its anchors.
type specimen struct {
	org     uuid.UUID
	rows    []audit.Row
	anchors []audit.Anchor
}

// tamperingsFound tries every kind at each place, on the chain of another clinic for each, and counts those that j
// notices.
func tamperingsFound(t *testing.T, specimens []specimen, j judge) (found, tried int) {
	t.Helper()
	for _, kind := range tampers(t) {
		for place, s := range specimens {
			if f := j(s.org, s.rows, s.anchors); f.Kind != audit.OK {
				t.Fatalf("an untouched chain: %s", f)
			}
			tried++
			if j(s.org, kind.apply(slices.Clone(s.rows), place), s.anchors).Kind != audit.OK {
				found++
			}
		}
	}
	return found, tried
}

// TestFigureL3Pure is L-3 without the database: 8 kinds of tampering at 20 places.
// Seen red by two planted verifiers: one that is not given the anchors (lost tails and whole chains pass), and one that
// checks plain hashes instead of MACs (chains rewritten with fresh hashes pass).
func TestFigureL3Pure(t *testing.T) {
	t.Parallel()
	keys := newKeys(t)
	var specimens []specimen
	for range 20 {
		org := uuid.New()
		rows, anchors := chain(t, keys, org, 60, 20)
		specimens = append(specimens, specimen{org, rows, anchors})
	}

	found, tried := tamperingsFound(t, specimens, func(org uuid.UUID, rows []audit.Row, anchors []audit.Anchor) audit.Finding {
		return verify(keys, org, rows, anchors)
	})

	verdict := "pass"
	if found != tried || tried != 160 {
		verdict = "fail"
		t.Fail()
	}
	fmt.Printf("FIGURE L-3/pure %d/%d %s\n", found, tried, verdict)

	withoutAnchors, _ := tamperingsFound(t, specimens, func(org uuid.UUID, rows []audit.Row, _ []audit.Anchor) audit.Finding {
		return verify(keys, org, rows, nil)
	})
	if withoutAnchors != 120 {
		t.Errorf("planted fault: without anchors %d/160 were found, want 120", withoutAnchors)
	}
	if plainHashes, _ := tamperingsFound(t, specimens, hashesOnly); plainHashes >= 160 {
		t.Errorf("planted fault: a verifier without keys found %d/160", plainHashes)
	}
}

// hashesOnly believes a chain whose hashes fit each other and whose length fits the anchors.
func hashesOnly(_ uuid.UUID, rows []audit.Row, anchors []audit.Anchor) audit.Finding {
	prev := audit.GenesisHash
	for i := range rows {
		canonical, err := rows[i].Canonical()
		sum := sha256.Sum256(canonical)
		if err != nil || !bytes.Equal(sum[:], rows[i].PayloadHash) || !bytes.Equal(prev, rows[i].PrevHash) {
			return audit.Finding{Kind: audit.Altered}
		}
		prev = rows[i].RowMAC
	}
	if last := anchors[len(anchors)-1].Heads[0].Seq; int64(len(rows)) < last-1 {
		return audit.Finding{Kind: audit.Truncated}
	}
	return audit.Finding{Kind: audit.OK}
}
