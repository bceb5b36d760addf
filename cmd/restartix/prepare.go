package main

import "context"

// preparation is one step between "the services answer" and "the APIs start". It reads the environment that the Core API
// is about to get, may add to it, and answers lines for the person who started the stack. It must be repeatable: it
// runs at every start.
type preparation func(ctx context.Context, env map[string]string) (notes []string, err error)

// preparations run in this order: keys (SEAL_KEYS and AUDIT_KEYS name the files), then migrations, then demo data.
func preparations() []preparation { return nil }

func prepare(ctx context.Context, env map[string]string) ([]string, error) {
	var notes []string
	for _, step := range preparations() {
		lines, err := step(ctx, env)
		if err != nil {
			return nil, err
		}
		notes = append(notes, lines...)
	}
	return notes, nil
}
